package dev.snoozy.curate.dedup;

import java.util.HexFormat;

/**
 * 128 bits that stand for a text: MurmurHash3 (x64, 128 bits, seed 0) of its UTF-16 units in little
 * endian. Among a thousand million texts two different ones share it with a chance below
 * 10<sup>-20</sup>; it is no protection against who constructs such texts.
 */
public record Hash128(long high, long low) implements Comparable<Hash128> {
    private static final HexFormat HEX = HexFormat.of();
    private static final long C1 = 0x87C37B91114253D5L;
    private static final long C2 = 0x4CF5AD432745937FL;

    /** The hash of a text as it is; {@link Normaliser#text} makes the form to compare. */
    public static Hash128 of(CharSequence text) {
        char[] chars = text.toString().toCharArray();
        return of(chars, chars.length);
    }

    static Hash128 of(char[] text, int length) {
        long h1 = 0;
        long h2 = 0;
        int i = 0;
        for (; i + 8 <= length; i += 8) {
            long k1 = four(text, i);
            long k2 = four(text, i + 4);
            h1 ^= Long.rotateLeft(k1 * C1, 31) * C2;
            h1 = (Long.rotateLeft(h1, 27) + h2) * 5 + 0x52DCE729;
            h2 ^= Long.rotateLeft(k2 * C2, 33) * C1;
            h2 = (Long.rotateLeft(h2, 31) + h1) * 5 + 0x38495AB5;
        }
        long k1 = 0;
        long k2 = 0;
        for (int rest = length - 1; rest >= i; rest--) {
            int at = rest - i;
            if (at >= 4) {
                k2 |= (long) text[rest] << 16 * (at - 4);
            } else {
                k1 |= (long) text[rest] << 16 * at;
            }
        }
        h2 ^= Long.rotateLeft(k2 * C2, 33) * C1;
        h1 ^= Long.rotateLeft(k1 * C1, 31) * C2;
        long bytes = 2L * length;
        h1 ^= bytes;
        h2 ^= bytes;
        h1 += h2;
        h2 += h1;
        h1 = finish(h1);
        h2 = finish(h2);
        h1 += h2;
        h2 += h1;
        return new Hash128(h1, h2);
    }

    private static long four(char[] text, int i) {
        return text[i]
                | (long) text[i + 1] << 16
                | (long) text[i + 2] << 32
                | (long) text[i + 3] << 48;
    }

    private static long finish(long k) {
        k = (k ^ (k >>> 33)) * 0xFF51AFD7ED558CCDL;
        k = (k ^ (k >>> 33)) * 0xC4CEB9FE1A85EC53L;
        return k ^ (k >>> 33);
    }

    /** The hash of two texts in this order. */
    Hash128 with(Hash128 other) {
        long first = Mix.mix64(high + 0x9E3779B97F4A7C15L) ^ other.high;
        long second = Mix.mix64(low + 0xD1B54A32D192ED03L) ^ other.low;
        return new Hash128(Mix.mix64(first + second * 3), Mix.mix64(second + first * 5));
    }

    @Override
    public int compareTo(Hash128 other) {
        int byHigh = Long.compareUnsigned(high, other.high);
        return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
    }

    /** 32 hexadecimal digits. */
    @Override
    public String toString() {
        return HEX.toHexDigits(high) + HEX.toHexDigits(low);
    }
}
