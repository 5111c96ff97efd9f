package dev.snoozy.curate.read;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.LongConsumer;

/** Counts what is read. */
final class CountingStream extends FilterInputStream {
    private final LongConsumer told;
    private long count;

    CountingStream(InputStream in, LongConsumer told) {
        super(in);
        this.told = told;
    }

    long count() {
        return count;
    }

    @Override
    public int read() throws IOException {
        int b = in.read();
        if (b >= 0) {
            told.accept(++count);
        }
        return b;
    }

    @Override
    public int read(byte[] bytes, int start, int length) throws IOException {
        int n = in.read(bytes, start, length);
        if (n > 0) {
            count += n;
            told.accept(count);
        }
        return n;
    }

    @Override
    public boolean markSupported() {
        return false;
    }
}
