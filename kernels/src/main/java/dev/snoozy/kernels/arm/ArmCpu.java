package dev.snoozy.kernels.arm;

import dev.snoozy.kernels.system.SystemFunctions;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/**
 * What an AArch64 processor can do. A program may not ask the processor itself there; each system
 * tells in a way of its own. NEON with floats is part of every one. The ways of macOS and Windows
 * are written after their documentation and not yet run.
 */
public final class ArmCpu {
    /** Groups of instructions beyond the base that kernels are written in. */
    public enum Feature {
        /** SDOT and UDOT: FEAT_DotProd. */
        DOT_PRODUCT("hw.optional.arm.FEAT_DotProd", 16, 20, 43),
        /** SMMLA, USDOT and their like: FEAT_I8MM. */
        I8MM("hw.optional.arm.FEAT_I8MM", 26, 13, 66),
        /** BFDOT and BFMMLA: FEAT_BF16. */
        BF16("hw.optional.arm.FEAT_BF16", 26, 14, 68);

        private final String sysctl;
        private final int auxiliary;
        private final int bit;
        private final int windows;

        /**
         * @param sysctl macOS: name of the system's variable
         * @param auxiliary Linux: AT_HWCAP or AT_HWCAP2
         * @param bit in the value of that
         * @param windows PF_ARM_... of winnt.h
         */
        Feature(String sysctl, int auxiliary, int bit, int windows) {
            this.sysctl = sysctl;
            this.auxiliary = auxiliary;
            this.bit = bit;
            this.windows = windows;
        }
    }

    private ArmCpu() {}

    /** Whether this is the processor family that the assembler of this package writes for. */
    public static boolean isHere() {
        String name = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
        return name.equals("aarch64") || name.equals("arm64");
    }

    /** The features of this processor; none on another family, or if the system does not tell. */
    public static Set<Feature> features() {
        Set<Feature> features = EnumSet.noneOf(Feature.class);
        if (isHere()) {
            try {
                for (Feature feature : Feature.values()) {
                    if (has(feature)) {
                        features.add(feature);
                    }
                }
            } catch (Throwable e) {
                throw SystemFunctions.unexpected(e);
            }
        }
        return features;
    }

    private static boolean has(Feature feature) throws Throwable {
        return switch (SystemFunctions.system()) {
            case LINUX -> {
                MethodHandle getauxval =
                        SystemFunctions.find(
                                "getauxval",
                                FunctionDescriptor.of(
                                        ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG));
                long bits = (long) getauxval.invokeExact((long) feature.auxiliary);
                yield (bits >>> feature.bit & 1) != 0;
            }
            case MAC -> sysctl(feature.sysctl);
            case WINDOWS -> {
                MethodHandle present =
                        SystemFunctions.find(
                                "kernel32",
                                "IsProcessorFeaturePresent",
                                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
                yield (int) present.invokeExact(feature.windows) != 0;
            }
            case OTHER -> false;
        };
    }

    /** Whether a variable of the system is there and not 0. */
    private static boolean sysctl(String name) throws Throwable {
        MethodHandle byName =
                SystemFunctions.find(
                        "sysctlbyname",
                        FunctionDescriptor.of(
                                ValueLayout.JAVA_INT,
                                ValueLayout.ADDRESS,
                                ValueLayout.ADDRESS,
                                ValueLayout.ADDRESS,
                                ValueLayout.ADDRESS,
                                ValueLayout.JAVA_LONG));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocate(ValueLayout.JAVA_INT);
            MemorySegment size = arena.allocateFrom(ValueLayout.JAVA_LONG, Integer.BYTES);
            int result =
                    (int)
                            byName.invokeExact(
                                    arena.allocateFrom(name), value, size, MemorySegment.NULL, 0L);
            return result == 0 && value.get(ValueLayout.JAVA_INT, 0) != 0;
        }
    }
}
