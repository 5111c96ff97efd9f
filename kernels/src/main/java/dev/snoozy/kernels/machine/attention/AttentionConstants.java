package dev.snoozy.kernels.machine.attention;

import dev.snoozy.kernels.machine.code.ExpCode;
import dev.snoozy.kernels.machine.code.Isa;
import dev.snoozy.kernels.x86.Gpr;
import dev.snoozy.kernels.x86.Mem;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** What the kernels of attention load: the constants of {@link ExpCode}, then these. */
enum AttentionConstants {
    /** All bits but the sign. */
    ABSOLUTE(Integer.MAX_VALUE),
    SIGN(Integer.MIN_VALUE),
    NEGATIVE_INFINITY(Float.NEGATIVE_INFINITY),
    ONE(1f),
    /** The last position of a tile. */
    LAST(CacheLayout.TILE - 1),
    MINUS_TWO(-2f),
    /** Below it tanh is a polynomial (Cephes library, Moshier: tanhf). */
    TANH_SMALL(0.625f),
    TANH_0(-5.70498872745e-3f),
    TANH_1(2.06390887954e-2f),
    TANH_2(-5.37397155531e-2f),
    TANH_3(1.33314422036e-1f),
    TANH_4(-3.33332819422e-1f),
    /** The largest code of 8 bit. */
    MOST_CODE(127f),
    /** The largest inverse of a scale; see the scalar kernels. */
    MOST_INVERSE(0x1p126f);

    private static final int FIRST = ExpCode.constants().length;

    /** The numbers 0 to 63, at a multiple of 64 bytes. */
    private static final int POSITIONS = (FIRST + values().length + 15) / 16 * 16;

    private final int bits;

    AttentionConstants(float value) {
        this(Float.floatToRawIntBits(value));
    }

    AttentionConstants(int bits) {
        this.bits = bits;
    }

    /** The constant, where a register holds the address of all. */
    Mem at(Gpr constants) {
        return constants.at((FIRST + ordinal()) * Integer.BYTES);
    }

    /** A vector of position numbers, from a number on. */
    static Mem positions(Gpr constants, int from) {
        return constants.at((POSITIONS + from) * Integer.BYTES);
    }

    /** All constants, in memory that lives as long as the arena. */
    static MemorySegment allocate(Arena arena) {
        long count = POSITIONS + CacheLayout.TILE;
        MemorySegment all = arena.allocate(count * Integer.BYTES, Isa.VECTOR);
        MemorySegment.copy(ExpCode.constants(), 0, all, ValueLayout.JAVA_FLOAT, 0, FIRST);
        for (AttentionConstants constant : values()) {
            all.setAtIndex(ValueLayout.JAVA_INT, FIRST + constant.ordinal(), constant.bits);
        }
        for (int i = 0; i < CacheLayout.TILE; i++) {
            all.setAtIndex(ValueLayout.JAVA_INT, POSITIONS + i, i);
        }
        return all;
    }
}
