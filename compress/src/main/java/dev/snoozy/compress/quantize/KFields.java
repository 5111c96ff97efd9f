package dev.snoozy.compress.quantize;

/** Where the K types keep their codes and scales. */
final class KFields {
    static final int SUPER_BLOCK = 256;

    private KFields() {}

    /** Two bits of each code: for each half, 32 bytes with four runs of 32 in pairs of bits. */
    static void pairs(byte[] codes, int from, byte[] out, int at) {
        for (int half = 0; half < 2; half++) {
            int c = from + 128 * half;
            for (int l = 0; l < 32; l++) {
                out[at + 32 * half + l] =
                        (byte)
                                (codes[c + l] & 3
                                        | (codes[c + l + 32] & 3) << 2
                                        | (codes[c + l + 64] & 3) << 4
                                        | (codes[c + l + 96] & 3) << 6);
            }
        }
    }

    /** Four bits of each code: for each 64, 32 bytes with two runs of 32. */
    static void nibbles(byte[] codes, int from, byte[] out, int at) {
        for (int part = 0; part < 4; part++) {
            int c = from + 64 * part;
            for (int l = 0; l < 32; l++) {
                out[at + 32 * part + l] = (byte) (codes[c + l] & 15 | codes[c + l + 32] << 4);
            }
        }
    }

    /** One bit of each code: bit b of byte l is that of element {@code 32 b + l}. */
    static void bits(byte[] codes, int from, int bit, byte[] out, int at) {
        for (int l = 0; l < 32; l++) {
            int bits = 0;
            for (int run = 0; run < 8; run++) {
                bits |= (codes[from + 32 * run + l] >> bit & 1) << run;
            }
            out[at + l] = (byte) bits;
        }
    }

    /** Q6_K: low four bits in 128 bytes, then two high ones in 64. */
    static void sixBits(byte[] codes, int from, byte[] out, int at) {
        for (int half = 0; half < 2; half++) {
            int c = from + 128 * half;
            int low = at + 64 * half;
            int high = at + 128 + 32 * half;
            for (int l = 0; l < 32; l++) {
                int a = codes[c + l];
                int b = codes[c + l + 32];
                int d = codes[c + l + 64];
                int e = codes[c + l + 96];
                out[low + l] = (byte) (a & 15 | d << 4);
                out[low + l + 32] = (byte) (b & 15 | e << 4);
                out[high + l] = (byte) (a >> 4 | b >> 4 << 2 | d >> 4 << 4 | e >> 4 << 6);
            }
        }
    }

    /** Q4_K and Q5_K: eight scales and eight offsets of six bits in twelve bytes. */
    static void eightPairs(int[] scales, int[] offsets, byte[] out, int at) {
        for (int j = 0; j < 4; j++) {
            out[at + j] = (byte) (scales[j] | scales[j + 4] >> 4 << 6);
            out[at + j + 4] = (byte) (offsets[j] | offsets[j + 4] >> 4 << 6);
            out[at + j + 8] = (byte) (scales[j + 4] & 15 | offsets[j + 4] << 4);
        }
    }

    /** Q3_K: sixteen scales of six bits in twelve bytes. */
    static void sixteenScales(int[] scales, byte[] out, int at) {
        for (int j = 0; j < 8; j++) {
            out[at + j] = (byte) (scales[j] & 15 | scales[j + 8] << 4);
        }
        for (int j = 0; j < 4; j++) {
            out[at + j + 8] =
                    (byte)
                            (scales[j] >> 4
                                    | scales[j + 4] >> 4 << 2
                                    | scales[j + 8] >> 4 << 4
                                    | scales[j + 12] >> 4 << 6);
        }
    }
}
