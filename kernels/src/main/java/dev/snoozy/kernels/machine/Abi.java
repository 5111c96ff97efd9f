package dev.snoozy.kernels.machine;

import java.util.Locale;

/**
 * How this system calls a function of one argument. Kernels take the address of a block of
 * parameters and nothing else, so that this is the only difference between the systems; they use
 * the general registers that no caller misses and, of the vector registers, on Windows only 16 to
 * 31 and 0 to 5 (System V ABI 3.2; Microsoft x64 calling convention).
 */
final class Abi {
    private static final boolean WINDOWS =
            System.getProperty("os.name", "").toLowerCase(Locale.ROOT).contains("windows");

    /** Holds the address of the parameters. */
    static final Gpr PARAMETERS = WINDOWS ? Gpr.RCX : Gpr.RDI;

    private Abi() {}
}
