package dev.snoozy.format.block;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * The points of a lattice that an IQ type chooses from: entry {@code i} is {@code width} elements.
 * The tables are kept as text in {@code codebooks.txt}.
 *
 * @param values all entries one after another
 */
public record Codebook(int width, float[] values) {
    /** Reads the codebook of a type. */
    public static Codebook of(String name) {
        try (InputStream in = Codebook.class.getResourceAsStream("codebooks.txt")) {
            if (in == null) {
                throw new IllegalStateException("codebooks.txt is missing beside this class");
            }
            BufferedReader reader =
                    new BufferedReader(new InputStreamReader(in, StandardCharsets.US_ASCII));
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                if (line.startsWith(name + " ")) {
                    return read(line.split(" "), reader);
                }
            }
            throw new IllegalStateException("no codebook " + name);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Codebook read(String[] head, BufferedReader reader) throws IOException {
        int entries = Integer.parseInt(head[1]);
        int width = Integer.parseInt(head[2]);
        float[] values = new float[entries * width];
        int next = 0;
        while (next < values.length) {
            String line = reader.readLine();
            for (int i = 0; i < line.length(); i++) {
                if (line.charAt(i) != ' ') {
                    values[next++] = Integer.parseInt(head[3 + line.charAt(i) - '0']);
                }
            }
        }
        return new Codebook(width, values);
    }

    /** Writes an entry, scaled, with the elements negated whose bit in {@code signs} is set. */
    void write(int entry, float scale, int signs, float[] y, int to) {
        for (int j = 0; j < width; j++) {
            float x = scale * values[entry * width + j];
            y[to + j] = (signs >> j & 1) == 0 ? x : -x;
        }
    }

    /** Eight signs from seven bits: the number of negative ones is even. */
    public static int signs(int seven) {
        return seven | (Integer.bitCount(seven) & 1) << 7;
    }
}
