using System.Management.Automation;
using System.Reflection;
using System.Runtime.Loader;

namespace LocalDeblur.Loader;

/// <summary>
/// Loads the engine and its packages into a load context of their own before the cmdlets are read, so that another
/// module's copy of MathNet or Tensors and ours do not meet.
/// </summary>
/// <remarks>
/// It must be a nested module: PowerShell reads the types of the root module's assembly, engine types among them, before it
/// calls that assembly's own initializer. There is no counterpart for unloading, since runspaces share the process.
/// </remarks>
public sealed class EngineLoader : IModuleAssemblyInitializer
{
    private const string EngineName = "LocalDeblur.Engine";

    private static readonly Lazy<Assembly> Engine = new(Load);

    /// <summary>Loads the engine, once a process.</summary>
    public void OnImport() => _ = Engine.Value;

    private static Assembly Load()
    {
        string folder = Path.Combine(Path.GetDirectoryName(typeof(EngineLoader).Assembly.Location)!, "lib");
        var context = new PrivateContext(folder);

        // By path: by name, a missing file would come back to the handler below and recurse.
        Assembly engine = context.LoadFromAssemblyPath(Path.Combine(folder, EngineName + ".dll"));

        // The engine's name alone; its packages are the business of its own context.
        AssemblyLoadContext.Default.Resolving += (_, name) =>
            string.Equals(name.Name, EngineName, StringComparison.OrdinalIgnoreCase) ? engine : null;

        RegisterTypeNames(engine);
        return engine;
    }

    /// <summary>
    /// Makes [LocalDeblur.Maps.CryoMap] and its like work in scripts: PowerShell looks type names up in the default context only.
    /// The interface is PowerShell's own, so every step may find nothing; then only the literals are missing.
    /// </summary>
    private static void RegisterTypeNames(Assembly engine)
    {
        MethodInfo? add = typeof(PSObject).Assembly
            .GetType("System.Management.Automation.TypeAccelerators")?
            .GetMethod("Add", BindingFlags.Public | BindingFlags.Static, [typeof(string), typeof(Type)]);
        if (add is null)
        {
            return;
        }

        foreach (Type type in engine.GetExportedTypes())
        {
            if (!type.IsNested && !type.IsGenericTypeDefinition && type.FullName is { } name)
            {
                add.Invoke(null, [name, type]);
            }
        }
    }

    private sealed class PrivateContext(string folder) : AssemblyLoadContext("LocalDeblur")
    {
        protected override Assembly? Load(AssemblyName assemblyName)
        {
            string file = Path.Combine(folder, assemblyName.Name + ".dll");
            return File.Exists(file) ? LoadFromAssemblyPath(file) : null;
        }
    }
}
