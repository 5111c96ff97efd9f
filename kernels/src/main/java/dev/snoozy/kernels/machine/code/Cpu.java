package dev.snoozy.kernels.machine.code;

import dev.snoozy.kernels.x86.Abi;
import dev.snoozy.kernels.x86.Assembler;
import dev.snoozy.kernels.x86.Gpr;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/**
 * What the processor can do, asked of itself (CPUID and XGETBV, Intel SDM volume 2). The operating
 * system must save the wide registers too, so that it is asked as well. Thread-safe.
 */
public final class Cpu {
    /** Groups of instructions that kernels are written in. */
    enum Feature {
        AVX2,
        FMA,
        F16C,
        AVX_VNNI,
        AVX512F,
        AVX512BW,
        AVX512DQ,
        AVX512VL,
        AVX512_VNNI,
        AVX512_BF16
    }

    private static final int YMM_STATE = 0x6; // XCR0: SSE and AVX
    private static final int ZMM_STATE = 0xE6; // and opmask, upper halves, registers 16 to 31
    private static final int OSXSAVE = 27;

    private static volatile @Nullable Set<Feature> known;

    private Cpu() {}

    /** Whether this is the processor family that the assembler writes for. */
    static boolean isX86() {
        String name = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
        return name.equals("amd64") || name.equals("x86_64");
    }

    /**
     * The features of this processor; none on another family. It is asked once.
     *
     * @throws IllegalStateException if the system does not allow executable memory
     */
    static Set<Feature> features() {
        Set<Feature> features = known;
        if (features == null) {
            features = Set.copyOf(ask());
            known = features;
        }
        return features;
    }

    private static Set<Feature> ask() {
        Set<Feature> features = EnumSet.noneOf(Feature.class);
        if (!isX86()) {
            return features;
        }
        try (Arena arena = Arena.ofConfined()) {
            Stub stub = new Stub(arena);
            int[] basic = stub.leaf(1, 0);
            if (!bit(basic[2], OSXSAVE)) {
                return features;
            }
            int states = stub.savedStates();
            int[] extended = stub.leaf(7, 0);
            int[] more = extended[0] >= 1 ? stub.leaf(7, 1) : new int[4];
            if ((states & YMM_STATE) == YMM_STATE) {
                add(features, Feature.FMA, basic[2], 12);
                add(features, Feature.F16C, basic[2], 29);
                add(features, Feature.AVX2, extended[1], 5);
                add(features, Feature.AVX_VNNI, more[0], 4);
            }
            if ((states & ZMM_STATE) == ZMM_STATE) {
                add(features, Feature.AVX512F, extended[1], 16);
                add(features, Feature.AVX512DQ, extended[1], 17);
                add(features, Feature.AVX512BW, extended[1], 30);
                add(features, Feature.AVX512VL, extended[1], 31);
                add(features, Feature.AVX512_VNNI, extended[2], 11);
                add(features, Feature.AVX512_BF16, more[0], 5);
            }
        }
        return features;
    }

    private static void add(Set<Feature> features, Feature feature, int register, int bit) {
        if (bit(register, bit)) {
            features.add(feature);
        }
    }

    private static boolean bit(int register, int bit) {
        return ((register >> bit) & 1) != 0;
    }

    /** Two little functions over a block of four integers. */
    private static final class Stub {
        private final MemorySegment block;
        private final Kernel cpuid;
        private final Kernel xgetbv;

        Stub(Arena arena) {
            block = arena.allocate(4 * Integer.BYTES, 64);
            cpuid = Kernel.install(cpuidCode(), arena);
            xgetbv = Kernel.install(xgetbvCode(), arena);
        }

        /** EAX, EBX, ECX and EDX of a leaf. */
        int[] leaf(int leaf, int part) {
            block.setAtIndex(ValueLayout.JAVA_INT, 0, leaf);
            block.setAtIndex(ValueLayout.JAVA_INT, 1, part);
            cpuid.call(block.address());
            return block.toArray(ValueLayout.JAVA_INT);
        }

        /** The lower half of XCR0. */
        int savedStates() {
            xgetbv.call(block.address());
            return block.getAtIndex(ValueLayout.JAVA_INT, 0);
        }

        private static byte[] cpuidCode() {
            Assembler a = new Assembler();
            a.push(Gpr.RBX); // belongs to the caller
            a.mov(Gpr.R8, Abi.PARAMETERS);
            a.mov(Gpr.RAX, Gpr.R8.at(0)); // the upper halves are ignored
            a.mov(Gpr.RCX, Gpr.R8.at(4));
            a.cpuid();
            a.movInt(Gpr.R8.at(0), Gpr.RAX);
            a.movInt(Gpr.R8.at(4), Gpr.RBX);
            a.movInt(Gpr.R8.at(8), Gpr.RCX);
            a.movInt(Gpr.R8.at(12), Gpr.RDX);
            a.pop(Gpr.RBX);
            a.ret();
            return a.code();
        }

        private static byte[] xgetbvCode() {
            Assembler a = new Assembler();
            a.mov(Gpr.R8, Abi.PARAMETERS);
            a.mov(Gpr.RCX, 0);
            a.xgetbv();
            a.movInt(Gpr.R8.at(0), Gpr.RAX);
            a.ret();
            return a.code();
        }
    }
}
