package dev.snoozy.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Text that a command reads: UTF-8, and nothing else. */
public final class Input {
    private Input() {}

    /** All of standard input. */
    public static String all() throws IOException {
        return decode("standard input", System.in.readAllBytes());
    }

    /** All of a file. */
    public static String file(Path path) throws IOException {
        if (!Files.isRegularFile(path)) {
            throw new NoSuchFileException(path.toString());
        }
        return decode(path.toString(), Files.readAllBytes(path));
    }

    /** Whether a person sits at standard input. */
    public static boolean isTerminal() {
        return System.console() != null && System.console().isTerminal();
    }

    private static String decode(String what, byte[] bytes) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            throw new WrongUseException(what + " is not UTF-8 text; cure: convert it");
        }
    }
}
