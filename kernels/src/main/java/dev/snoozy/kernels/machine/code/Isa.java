package dev.snoozy.kernels.machine.code;

import dev.snoozy.kernels.machine.code.Cpu.Feature;
import dev.snoozy.kernels.x86.Assembler;
import dev.snoozy.kernels.x86.Mem;
import dev.snoozy.kernels.x86.Operand;
import dev.snoozy.kernels.x86.Vec;
import dev.snoozy.kernels.x86.Vec.Width;
import dev.snoozy.kernels.x86.VectorOp;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * The instruction sets that kernels are written for, the fastest first. An emitter takes one and
 * asks it for registers and lanes, so that one text serves all of them; data lie the same way for
 * all: sixteen floats side by side are one vector of 64 bytes, or two of 32.
 */
public enum Isa {
    VNNI512(
            "vnni512",
            "AVX-512 VNNI",
            Width.ZMM,
            32,
            EnumSet.of(Feature.AVX512F, Feature.AVX512BW, Feature.AVX512VL, Feature.AVX512_VNNI)),
    AVX_VNNI(
            "avxvnni",
            "AVX-VNNI",
            Width.YMM,
            16,
            EnumSet.of(Feature.AVX2, Feature.FMA, Feature.F16C, Feature.AVX_VNNI)),
    AVX2("avx2", "AVX2", Width.YMM, 16, EnumSet.of(Feature.AVX2, Feature.FMA, Feature.F16C));

    /** Bytes of sixteen floats, whatever the width of a register. */
    public static final int VECTOR = 64;

    private final String path;
    private final String title;
    private final Width width;
    private final int registers;
    private final Set<Feature> needed;

    Isa(String path, String title, Width width, int registers, Set<Feature> needed) {
        this.path = path;
        this.title = title;
        this.width = width;
        this.registers = registers;
        this.needed = needed;
    }

    /** The fastest that this processor has. */
    public static Optional<Isa> best() {
        return Arrays.stream(values()).filter(isa -> isa.obstacle() == null).findFirst();
    }

    /** The name by which it is chosen. */
    public String path() {
        return path;
    }

    /** The name that its makers use. */
    public String title() {
        return title;
    }

    /** Why it cannot be used here, or null if it can. */
    public @Nullable String obstacle() {
        if (!Cpu.isX86()) {
            return "the processor is no x86-64";
        }
        try {
            Set<Feature> missing = missing();
            return missing.isEmpty() ? null : "the processor has no " + missing;
        } catch (IllegalStateException e) {
            // A system that hardens itself may refuse executable memory, and so the question.
            return String.valueOf(e.getMessage());
        }
    }

    /** What this processor lacks for it; nothing if it can be used. */
    public Set<Feature> missing() {
        Set<Feature> missing = EnumSet.copyOf(needed);
        missing.removeAll(Cpu.features());
        return missing;
    }

    /** A register in full width. */
    public Vec vec(int index) {
        if (index >= registers) {
            throw new IllegalArgumentException(this + " has " + registers + " registers");
        }
        return new Vec(index, width);
    }

    /** Registers there are. */
    public int registers() {
        return registers;
    }

    /** Floats in a register. */
    public int lanes() {
        return width.bytes() / Float.BYTES;
    }

    /** Bytes of a register. */
    public int bytes() {
        return width.bytes();
    }

    /** Registers that sixteen floats take. */
    public int parts() {
        return VECTOR / width.bytes();
    }

    /** Whether this processor also multiplies pairs of BF16 in registers of this set. */
    public boolean multipliesPairs() {
        return this == VNNI512 && Cpu.features().contains(Feature.AVX512_BF16);
    }

    /** Whether an instruction can take one element of memory for all its lanes. */
    public boolean broadcasts() {
        return width == Width.ZMM;
    }

    /**
     * {@code to = op(a, the element at a place in all lanes)}.
     *
     * @param scratch changed where the set cannot do this in one instruction
     */
    public void all(Assembler assembler, VectorOp op, Vec to, Vec a, Mem place, Vec scratch) {
        assembler.op(op, to, a, all(assembler, place, scratch));
    }

    /**
     * The element of four bytes at a place, in all lanes, as an instruction may read it.
     *
     * @param scratch holds it where an instruction cannot do so itself
     */
    public Operand all(Assembler assembler, Mem place, Vec scratch) {
        if (broadcasts()) {
            return place.toAllLanes();
        }
        assembler.op(VectorOp.VBROADCASTSS, scratch, place);
        return scratch;
    }
}
