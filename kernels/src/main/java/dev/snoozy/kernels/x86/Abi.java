package dev.snoozy.kernels.x86;

import java.util.Locale;

/**
 * How this system calls a function of one argument (System V ABI 3.2; Microsoft x64 calling
 * convention). Kernels take the address of a block of parameters and nothing else, and use the
 * general registers that no caller misses, so that what stands here is the only difference between
 * the systems. The Windows side is written after the documentation and not yet run.
 */
public final class Abi {
    private static final boolean WINDOWS =
            System.getProperty("os.name", "").toLowerCase(Locale.ROOT).contains("windows");

    /** Holds the address of the parameters. */
    public static final Gpr PARAMETERS = WINDOWS ? Gpr.RCX : Gpr.RDI;

    /** The lower parts of these vector registers belong to the caller on Windows. */
    private static final int FIRST_KEPT = 6;

    private static final int LAST_KEPT = 15;
    private static final int XMM_BYTES = 16;
    private static final int KEPT_BYTES = (LAST_KEPT - FIRST_KEPT + 1) * XMM_BYTES;

    private Abi() {}

    /** Begins a kernel that uses vector registers. */
    public static void enter(Assembler a) {
        if (WINDOWS) {
            a.sub(Gpr.RSP, KEPT_BYTES);
            for (int i = FIRST_KEPT; i <= LAST_KEPT; i++) {
                a.store(Gpr.RSP.at((i - FIRST_KEPT) * XMM_BYTES), Vec.xmm(i));
            }
        }
    }

    /** Ends a kernel that uses vector registers. */
    public static void leave(Assembler a) {
        a.vzeroupper();
        if (WINDOWS) {
            for (int i = FIRST_KEPT; i <= LAST_KEPT; i++) {
                a.load(Vec.xmm(i), Gpr.RSP.at((i - FIRST_KEPT) * XMM_BYTES));
            }
            a.add(Gpr.RSP, KEPT_BYTES);
        }
        a.ret();
    }
}
