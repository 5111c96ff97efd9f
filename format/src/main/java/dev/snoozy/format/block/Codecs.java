package dev.snoozy.format.block;

import dev.snoozy.format.BlockCodec;
import dev.snoozy.format.FormatException;
import dev.snoozy.format.TensorType;

import java.lang.foreign.MemorySegment;
import java.util.EnumMap;
import java.util.Map;

/** The codecs by type. */
public final class Codecs {
    private static final Map<TensorType, BlockCodec> CODECS = new EnumMap<>(TensorType.class);

    static {
        CODECS.put(TensorType.F32, new F32());
        CODECS.put(TensorType.F16, new F16());
        CODECS.put(TensorType.BF16, new BF16());
        put(TensorType.Q4_0, Q4_0::decode);
        put(TensorType.Q4_1, Q4_1::decode);
        put(TensorType.Q5_0, Q5_0::decode);
        put(TensorType.Q5_1, Q5_1::decode);
        put(TensorType.Q8_0, Q8_0::decode);
        put(TensorType.Q2_K, Q2_K::decode);
        put(TensorType.Q3_K, Q3_K::decode);
        put(TensorType.Q4_K, Q4_K::decode);
        put(TensorType.Q5_K, Q5_K::decode);
        put(TensorType.Q6_K, Q6_K::decode);
        put(TensorType.IQ1_S, IQ1_S::decode);
        put(TensorType.IQ1_M, IQ1_M::decode);
        put(TensorType.IQ2_XXS, IQ2_XXS::decode);
        put(TensorType.IQ2_XS, IQ2_XS::decode);
        put(TensorType.IQ2_S, IQ2_S::decode);
        put(TensorType.IQ3_XXS, IQ3_XXS::decode);
        put(TensorType.IQ3_S, IQ3_S::decode);
        put(TensorType.IQ4_NL, IQ4_NL::decode);
        put(TensorType.IQ4_XS, IQ4_XS::decode);
        put(TensorType.TQ1_0, TQ1_0::decode);
        put(TensorType.TQ2_0, TQ2_0::decode);
        put(TensorType.MXFP4, MXFP4::decode);
    }

    private Codecs() {}

    private static void put(TensorType type, Block block) {
        CODECS.put(type, new Codec(type, block));
    }

    /**
     * The codec of a type.
     *
     * @throws FormatException if there is none, see {@link BlockCodec#of}
     */
    public static BlockCodec of(TensorType type) {
        BlockCodec codec = CODECS.get(type);
        if (codec == null) {
            throw new FormatException(
                    "found the tensor type %s, which cannot be decoded here, expected one of %s; convert or quantize the model to one of them"
                            .formatted(type, CODECS.keySet()));
        }
        return codec;
    }

    /** Decodes one block. */
    @FunctionalInterface
    interface Block {
        /** Writes the elements of the block at {@code at} to {@code y} from {@code to} on. */
        void decode(MemorySegment s, long at, float[] y, int to);
    }

    private record Codec(TensorType type, Block block) implements BlockCodec {
        @Override
        public void decode(
                MemorySegment source, long offset, float[] target, int start, int count) {
            Fields.check(type, source, offset, target, start, count);
            int size = type.blockSize();
            int bytes = type.bytesPerBlock();
            for (int i = 0; i < count / size; i++) {
                block.decode(source, offset + (long) i * bytes, target, start + i * size);
            }
        }
    }
}
