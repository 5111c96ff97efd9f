package dev.snoozy.kernels.machine;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** Calls from Java into functions of the system. */
final class NativeCalls {
    private static final Linker LINKER = Linker.nativeLinker();

    private NativeCalls() {}

    /**
     * A function of the system's libraries; raises {@link IllegalStateException} if it has none.
     */
    static MethodHandle system(String name, FunctionDescriptor type, Linker.Option... options) {
        MemorySegment address =
                LINKER.defaultLookup()
                        .find(name)
                        .orElseThrow(() ->
                                new IllegalStateException("this system has no function " + name));
        return LINKER.downcallHandle(address, type, options);
    }

    /** What a call through a handle raised; handles of ours throw nothing themselves. */
    static RuntimeException unexpected(Throwable thrown) {
        if (thrown instanceof Error error) {
            throw error;
        }
        return new IllegalStateException("a native call failed", thrown);
    }
}
