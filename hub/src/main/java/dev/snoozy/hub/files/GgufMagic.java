package dev.snoozy.hub.files;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** The first bytes of a file, by which a GGUF file is known. */
public final class GgufMagic {
    private static final byte[] MAGIC = {'G', 'G', 'U', 'F'};

    /** Magic and version. */
    private static final int BEGINNING = 8;

    private GgufMagic() {}

    /** Whether a file begins as GGUF files do. */
    public static boolean isGguf(Path file) throws IOException {
        return Arrays.equals(Arrays.copyOf(beginning(file), MAGIC.length), MAGIC);
    }

    /** The version of a big-endian file has its small number at the end. */
    public static boolean isBigEndian(Path file) throws IOException {
        byte[] bytes = beginning(file);
        return isGguf(file) && bytes.length == BEGINNING && bytes[4] == 0 && bytes[7] != 0;
    }

    private static byte[] beginning(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new IOException("not a regular file: " + file);
        }
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(BEGINNING);
        }
    }
}
