package dev.snoozy.kernels.system;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.Locale;

/** Which system this is, and functions of its libraries. */
public final class SystemFunctions {
    private static final Linker LINKER = Linker.nativeLinker();

    private SystemFunctions() {}

    /** The systems that are asked in ways of their own. */
    public enum Name {
        LINUX,
        MAC,
        WINDOWS,
        OTHER
    }

    /** This system. */
    public static Name system() {
        String name = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        if (name.contains("windows")) {
            return Name.WINDOWS;
        }
        if (name.contains("mac")) {
            return Name.MAC;
        }
        return name.contains("linux") ? Name.LINUX : Name.OTHER;
    }

    /**
     * A function of the C library, or of what else every process has.
     *
     * @throws IllegalStateException if the system has none
     */
    public static MethodHandle find(
            String name, FunctionDescriptor type, Linker.Option... options) {
        return handle(LINKER.defaultLookup(), name, type, options);
    }

    /**
     * A function of another library, which stays loaded.
     *
     * @throws IllegalStateException if the system has no such library, or no function there
     */
    public static MethodHandle find(String library, String name, FunctionDescriptor type) {
        SymbolLookup lookup;
        try {
            lookup = SymbolLookup.libraryLookup(library, Arena.global());
        } catch (IllegalArgumentException e) {
            throw new IllegalStateException("this system has no library " + library, e);
        }
        return handle(lookup, name, type);
    }

    private static MethodHandle handle(
            SymbolLookup lookup, String name, FunctionDescriptor type, Linker.Option... options) {
        MemorySegment address =
                lookup.find(name)
                        .orElseThrow(() ->
                                new IllegalStateException("this system has no function " + name));
        return LINKER.downcallHandle(address, type, options);
    }

    /** What a call through a handle raised; handles of ours throw nothing themselves. */
    public static RuntimeException unexpected(Throwable thrown) {
        if (thrown instanceof Error error) {
            throw error;
        }
        return new IllegalStateException("a native call failed", thrown);
    }
}
