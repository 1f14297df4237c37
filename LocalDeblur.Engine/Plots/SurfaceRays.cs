using System.Numerics;
using System.Numerics.Tensors;
using LocalDeblur.Maps;

namespace LocalDeblur.Plots;

/// <summary>
/// Rays along an axis of a map to its surface. A molecule of few voxels is refined first (<see cref="SurfaceVoxels"/>). Between two planes across its way, the trilinear
/// interpolation changes linearly along such a ray, so that planes are all that is looked at, and the place of the surface is exact.
/// </summary>
internal sealed class SurfaceRays
{
    private readonly SurfaceVoxels _drawn;
    private readonly float[] _voxels;
    private readonly float _level;
    private readonly SurfaceView _view;
    private readonly CryoMap? _resolution;
    private readonly Axis _right;
    private readonly Axis _up;
    private readonly Axis _deep;

    /// <summary>Rays to a surface.</summary>
    /// <param name="drawn">What is drawn of a map.</param>
    /// <param name="level">Density of the surface.</param>
    /// <param name="options">The view, and the local resolution.</param>
    public SurfaceRays(SurfaceVoxels drawn, float level, SurfaceImageOptions options)
    {
        _drawn = drawn;
        _voxels = drawn.Values;
        _level = level;
        _view = options.View;
        _resolution = options.LocalResolution;
        GridSize size = drawn.Size;
        var x = new Axis(size.X, 1);
        var y = new Axis(size.Y, size.X);
        var z = new Axis(size.Z, size.X * size.Y);
        (_right, _up, _deep) = options.View switch
        {
            SurfaceView.XZ => (x, z, y),
            SurfaceView.YZ => (y, z, x.Reversed()),
            _ => (x, y, z.Reversed()),
        };
    }

    /// <summary>Follows the rays of one row of the picture.</summary>
    /// <param name="seen">Takes what each meets.</param>
    /// <param name="row">The row, 0 at the top.</param>
    /// <param name="width">Rays of a row.</param>
    /// <param name="height">Rows.</param>
    /// <param name="fill">Share of the picture that the molecule takes.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    public void Trace(Span<SurfacePoint> seen, int row, int width, int height, double fill, CancellationToken cancellationToken)
    {
        seen.Fill(SurfacePoint.None);
        double pixel = Math.Max((double)_right.Count / width, (double)_up.Count / height) / fill;
        float v = (float)(_up.Middle - ((row - ((height - 1) / 2.0)) * pixel));
        if (!(v >= 0 && v <= _up.Count - 1))
        {
            return;
        }

        int below = Math.Max(0, Math.Min((int)v, _up.Count - 2));
        float part = v - below, start = (float)(_right.Middle - ((width - 1) / 2.0 * pixel));
        float[] line = new float[_right.Count], before = new float[_right.Count];
        before.AsSpan().Fill(MathF.BitDecrement(_level));
        for (int k = 0; k < _deep.Count; k++)
        {
            Line(line, k, below, part);
            if (TensorPrimitives.Max<float>(line) >= _level)
            {
                for (int column = 0; column < width; column++)
                {
                    float u = start + (float)(column * pixel);
                    if (seen[column].IsHit || !(u >= 0 && u <= _right.Count - 1))
                    {
                        continue;
                    }

                    float here = At(line, u);
                    if (here >= _level)
                    {
                        float ahead = At(before, u);
                        float w = k - (k == 0 || ahead >= _level ? 0 : (here - _level) / (here - ahead));
                        seen[column] = new SurfacePoint((float)(w / pixel), Normal(u, v, w), Resolution(u, v, w, cancellationToken));
                    }
                }
            }

            (line, before) = (before, line);
        }
    }

    private static float At(float[] line, float u)
    {
        int left = Math.Min((int)u, Math.Max(0, line.Length - 2));
        float part = u - left;
        return part == 0 ? line[left] : line[left] + (part * (line[left + 1] - line[left]));
    }

    // The densities along the row's line in a plane across the rays.
    private void Line(float[] line, int k, int below, float part)
    {
        int at = _deep.Offset(k) + _up.Offset(below), above = part == 0 ? 0 : _up.Stride;
        for (int i = 0; i < line.Length; i++, at += _right.Stride)
        {
            line[i] = _voxels[at] + (part * (_voxels[at + above] - _voxels[at]));
        }
    }

    // Against the gradient: the interpolation of central differences.
    private Vector3 Normal(float u, float v, float w)
    {
        float step = _drawn.Factor;
        var gradient = new Vector3(
            Value(u + step, v, w) - Value(u - step, v, w),
            Value(u, v + step, w) - Value(u, v - step, w),
            Value(u, v, w - step) - Value(u, v, w + step));
        float length = gradient.Length();
        return length > 0 ? gradient / -length : Vector3.UnitZ;
    }

    // What lies outside is as its edge.
    private float Value(float u, float v, float w)
    {
        (int i, float a) = _right.Place(u);
        (int j, float b) = _up.Place(v);
        (int k, float c) = _deep.Place(w);
        int at = _right.Offset(i) + _up.Offset(j) + _deep.Offset(k);
        int di = _right.StepFrom(i), dj = _up.StepFrom(j), dk = _deep.StepFrom(k);
        float near = Mix(Mix(_voxels[at], _voxels[at + di], a), Mix(_voxels[at + dj], _voxels[at + dj + di], a), b);
        float far = Mix(Mix(_voxels[at + dk], _voxels[at + dk + di], a), Mix(_voxels[at + dk + dj], _voxels[at + dk + dj + di], a), b);
        return Mix(near, far, c);

        static float Mix(float from, float to, float part) => from + (part * (to - from));
    }

    private float Resolution(float u, float v, float w, CancellationToken cancellationToken)
    {
        if (_resolution is null)
        {
            return 0;
        }

        (float x, float y, float z) = _view switch
        {
            SurfaceView.XZ => (u, w, v),
            SurfaceView.YZ => (_deep.Count - 1 - w, u, v),
            _ => (u, v, _deep.Count - 1 - w),
        };
        return _drawn.Resolution(_resolution.AsSpan(cancellationToken), _resolution.Size, x, y, z);
    }

    /// <summary>An axis of the voxels, as the picture uses it.</summary>
    /// <param name="Count">Voxels.</param>
    /// <param name="Stride">Distance in memory of two neighbours.</param>
    /// <param name="Start">Place in memory of number 0.</param>
    private readonly record struct Axis(int Count, int Stride, int Start = 0)
    {
        public double Middle => (Count - 1) / 2.0;

        public Axis Reversed() => new(Count, -Stride, Start + ((Count - 1) * Stride));

        public int Offset(int index) => Start + (index * Stride);

        public int StepFrom(int index) => index < Count - 1 ? Stride : 0;

        public (int Index, float Part) Place(float at)
        {
            float inside = Math.Clamp(at, 0, Count - 1);
            int index = (int)inside;
            return (index, inside - index);
        }
    }
}
