using System.Collections;
using System.Reflection;

namespace LocalDeblur.Tests;

/// <summary>Walks through objects of the engine and of all that they hold. Compiled in PowerShell too, where the objects are; so it needs no other file.</summary>
public static class NumberWalk
{
    // A property of a type that gives another value of the type has no end.
    private const int Deepest = 8;

    /// <summary>The properties whose numbers are NaN or infinite, by name, and those that throw, with why.</summary>
    /// <param name="value">An object, or a list of some.</param>
    public static string[] Faults(object? value)
    {
        var faults = new SortedSet<string>(StringComparer.Ordinal);
        Walk(value, string.Empty, 0, new HashSet<object>(ReferenceEqualityComparer.Instance), faults);
        return [.. faults];
    }

    private static void Walk(object? value, string property, int depth, HashSet<object> seen, SortedSet<string> faults)
    {
        if (value is double or float)
        {
            if (!double.IsFinite(Convert.ToDouble(value, null)))
            {
                faults.Add(property);
            }
        }
        else if (value is IEnumerable many and not string)
        {
            foreach (object? item in many)
            {
                Walk(item, property, depth, seen, faults);
            }
        }
        else if (value is not null && depth < Deepest && IsOurs(value.GetType()) && (value is ValueType || seen.Add(value)))
        {
            foreach (PropertyInfo inner in value.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance))
            {
                if (inner.GetIndexParameters().Length > 0 || inner.PropertyType.IsByRefLike)
                {
                    continue;
                }

                string name = $"{inner.DeclaringType!.FullName}.{inner.Name}";
                try
                {
                    Walk(inner.GetValue(value), name, depth + 1, seen, faults);
                }
                catch (TargetInvocationException thrown)
                {
                    faults.Add($"{name} throws {thrown.InnerException!.GetType().Name}: {thrown.InnerException.Message}");
                }
            }
        }
    }

    private static bool IsOurs(Type type) => type.FullName?.StartsWith("LocalDeblur.", StringComparison.Ordinal) == true && !type.IsEnum;
}
