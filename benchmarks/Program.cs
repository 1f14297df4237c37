LocalDeblur.Benchmarks.SharpenBenchmark.Run([.. args.Select(int.Parse)], 2);
return 0;
