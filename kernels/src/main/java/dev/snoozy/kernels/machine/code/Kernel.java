package dev.snoozy.kernels.machine.code;

import dev.snoozy.kernels.system.SystemFunctions;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * Machine code that takes the address of its parameters. Thread-safe; lives as long as its code.
 *
 * <p>All kernels are called through one handle, since to link one costs as much as to assemble some
 * kernels. The call does not tell the JVM that it leaves Java, which saves half its cost and holds
 * up a garbage collection while it lasts: a kernel must end within some hundred microseconds.
 */
public record Kernel(MemorySegment code) {
    private static final MethodHandle CALL =
            Linker.nativeLinker()
                    .downcallHandle(
                            FunctionDescriptor.ofVoid(ValueLayout.JAVA_LONG),
                            Linker.Option.critical(false));

    /** Makes code executable, as long as the arena lives. */
    public static Kernel install(byte[] code, Arena arena) {
        return new Kernel(CodeBuffer.install(code, arena));
    }

    /** Runs the code. */
    void call(long parameters) {
        try {
            CALL.invokeExact(code, parameters);
        } catch (Throwable e) {
            throw SystemFunctions.unexpected(e);
        }
    }
}
