package dev.snoozy.compress.perplexity;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;

/** Writes what {@link LogitsFile} reads, row by row. */
final class LogitsWriter {
    private static final float RANGE = 16;
    private static final float STEPS = 65535;

    private final WritableByteChannel channel;
    private final ByteBuffer row;
    private final int vocabulary;

    LogitsWriter(WritableByteChannel channel, int vocabulary) {
        this.channel = channel;
        this.vocabulary = vocabulary;
        row = buffer(Math.toIntExact(LogitsFile.rowBytes(vocabulary)));
    }

    void begin(TextChunks text) throws IOException {
        int[] tokens = text.tokens();
        ByteBuffer head = buffer(Math.addExact(20, Math.multiplyExact(4, tokens.length)));
        head.put(LogitsFile.MAGIC).putInt(text.size()).putInt(vocabulary).putInt(text.count());
        for (int token : tokens) {
            head.putInt(token);
        }
        write(head);
    }

    void row(Scores scores) throws IOException {
        float[] logits = scores.logits();
        float max = logits[scores.best()];
        float min = max;
        for (float logit : logits) {
            min = Math.min(min, logit);
        }
        min = Math.max(min, max - RANGE);
        float step = (max - min) / STEPS;
        row.clear();
        row.putFloat(step).putFloat((float) (min - scores.logSum()));
        float steps = step == 0 ? 0 : 1 / step;
        for (float logit : logits) {
            row.putShort(logit > min ? (short) Math.rint(steps * (logit - min)) : 0);
        }
        while (row.hasRemaining()) {
            row.put((byte) 0);
        }
        write(row);
    }

    private void write(ByteBuffer bytes) throws IOException {
        bytes.flip();
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    private static ByteBuffer buffer(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }
}
