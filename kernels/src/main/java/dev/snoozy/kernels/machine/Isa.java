package dev.snoozy.kernels.machine;

import dev.snoozy.kernels.machine.Cpu.Feature;
import dev.snoozy.kernels.x86.Assembler;
import dev.snoozy.kernels.x86.Mem;
import dev.snoozy.kernels.x86.Vec;
import dev.snoozy.kernels.x86.Vec.Width;
import dev.snoozy.kernels.x86.VectorOp;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * The instruction sets that kernels are written for, the fastest first. An emitter takes one and
 * asks it for registers and lanes, so that one text serves all of them; data lie the same way for
 * all: sixteen floats side by side are one vector of 64 bytes, or two of 32.
 */
enum Isa {
    VNNI512(
            Width.ZMM,
            32,
            EnumSet.of(Feature.AVX512F, Feature.AVX512BW, Feature.AVX512VL, Feature.AVX512_VNNI)),
    AVX_VNNI(Width.YMM, 16, EnumSet.of(Feature.AVX2, Feature.FMA, Feature.F16C, Feature.AVX_VNNI)),
    AVX2(Width.YMM, 16, EnumSet.of(Feature.AVX2, Feature.FMA, Feature.F16C));

    /** Bytes of sixteen floats, whatever the width of a register. */
    static final int VECTOR = 64;

    private final Width width;
    private final int registers;
    private final Set<Feature> needed;

    Isa(Width width, int registers, Set<Feature> needed) {
        this.width = width;
        this.registers = registers;
        this.needed = needed;
    }

    /** The fastest that this processor has. */
    static Optional<Isa> best() {
        return Arrays.stream(values()).filter(isa -> isa.missing().isEmpty()).findFirst();
    }

    /** What this processor lacks for it; nothing if it can be used. */
    Set<Feature> missing() {
        Set<Feature> missing = EnumSet.copyOf(needed);
        missing.removeAll(Cpu.features());
        return missing;
    }

    /** A register in full width. */
    Vec vec(int index) {
        if (index >= registers) {
            throw new IllegalArgumentException(this + " has " + registers + " registers");
        }
        return new Vec(index, width);
    }

    /** Registers there are. */
    int registers() {
        return registers;
    }

    /** Floats in a register. */
    int lanes() {
        return width.bytes() / Float.BYTES;
    }

    /** Bytes of a register. */
    int bytes() {
        return width.bytes();
    }

    /** Registers that sixteen floats take. */
    int parts() {
        return VECTOR / width.bytes();
    }

    /** Whether an instruction can take one element of memory for all its lanes. */
    boolean broadcasts() {
        return width == Width.ZMM;
    }

    /**
     * {@code to = op(a, the element at a place in all lanes)}.
     *
     * @param scratch changed where the set cannot do this in one instruction
     */
    void all(Assembler assembler, VectorOp op, Vec to, Vec a, Mem place, Vec scratch) {
        if (broadcasts()) {
            assembler.op(op, to, a, place.toAllLanes());
        } else {
            assembler.op(VectorOp.VBROADCASTSS, scratch, place);
            assembler.op(op, to, a, scratch);
        }
    }
}
