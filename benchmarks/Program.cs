LocalDeblur.Benchmarks.SharpenBenchmark.Run([128, 192, 256], 2);
return 0;
