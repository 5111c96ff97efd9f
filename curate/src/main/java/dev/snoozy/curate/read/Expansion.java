package dev.snoozy.curate.read;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Refuses what was packed to expand without end. */
final class Expansion extends FilterInputStream {
    /** How many times its size something may become; texts become 3 to 30 times as large. */
    static final int RATIO = 200;

    /** Below this nothing is suspected. */
    private static final long FREE = 64L << 20;

    private final CountingStream packed;
    private long count;

    Expansion(InputStream plain, CountingStream packed) {
        super(plain);
        this.packed = packed;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int start, int length) throws IOException {
        int n = in.read(bytes, start, length);
        if (n > 0) {
            count += n;
            if (count > FREE && count > RATIO * Math.max(1, packed.count())) {
                throw new IOException(
                        "it expands to more than "
                                + RATIO
                                + " times its size; cure: unpack it yourself if it is to be trusted");
            }
        }
        return n;
    }

    @Override
    public boolean markSupported() {
        return false;
    }
}
