package dev.snoozy.kernels.arm;

/**
 * How a function of one argument is called (Procedure Call Standard for the Arm 64-bit
 * Architecture; macOS and Windows agree in what kernels need). Kernels take the address of a block
 * of parameters and nothing else, call nobody, and use X0 to X17, which no caller misses.
 */
public final class Abi {
    /** Holds the address of the parameters. */
    public static final Reg PARAMETERS = Reg.X0;

    /** The lower halves of these vector registers belong to the caller. */
    private static final int FIRST_KEPT = 8;

    private static final int LAST_KEPT = 15;
    private static final int KEPT_BYTES = (LAST_KEPT - FIRST_KEPT + 1) * Long.BYTES;

    private Abi() {}

    /** Begins a kernel that uses vector registers. */
    public static void enter(Assembler a) {
        a.sub(Reg.SP, Reg.SP, KEPT_BYTES);
        for (int i = FIRST_KEPT; i < LAST_KEPT; i += 2) {
            a.storePair(place(i), Vec.v(i).d(), Vec.v(i + 1).d());
        }
    }

    /** Ends a kernel that uses vector registers. */
    public static void leave(Assembler a) {
        for (int i = FIRST_KEPT; i < LAST_KEPT; i += 2) {
            a.loadPair(Vec.v(i).d(), Vec.v(i + 1).d(), place(i));
        }
        a.add(Reg.SP, Reg.SP, KEPT_BYTES);
        a.ret();
    }

    private static Mem place(int register) {
        return Reg.SP.at((register - FIRST_KEPT) * Long.BYTES);
    }
}
