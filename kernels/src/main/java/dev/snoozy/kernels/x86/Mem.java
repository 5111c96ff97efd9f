package dev.snoozy.kernels.x86;

/**
 * An operand in memory.
 *
 * @param base register that holds the address
 * @param displacement bytes added to it
 * @param broadcast whether one element of four bytes is taken for all lanes
 */
public record Mem(Gpr base, int displacement, boolean broadcast) implements Operand {
    /** The same place, of which one element of four bytes is taken for all lanes (EVEX only). */
    public Mem toAllLanes() {
        return new Mem(base, displacement, true);
    }
}
