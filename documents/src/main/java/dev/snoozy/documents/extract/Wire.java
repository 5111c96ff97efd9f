package dev.snoozy.documents.extract;

import dev.snoozy.documents.extract.ExtractionException.Reason;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.StreamCorruptedException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What the program and its worker process say to each other. The reader believes nothing: a worker
 * that a file has got hold of must not harm the program.
 */
final class Wire {
    /** The worker is there. */
    static final int READY = 0x534E5A31;

    private static final int DOCUMENT = 1;
    private static final int FAILURE = 2;
    private static final int MOST_ITEMS = 1_000_000;

    /** Of a title, a type, a note or a heading. */
    private static final int SHORT_TEXT = 1 << 16;

    private Wire() {}

    static void write(DataOutputStream out, ExtractedDocument document) throws IOException {
        out.writeByte(DOCUMENT);
        writeText(out, cut(document.title()));
        writeText(out, cut(document.type()));
        writeTexts(out, document.notes());
        out.writeInt(document.blocks().size());
        for (Block block : document.blocks()) {
            out.writeByte(block.kind().ordinal());
            writeText(out, block.text());
            writeTexts(out, block.headings());
            out.writeInt(block.page());
            out.writeInt(block.line());
        }
        out.flush();
    }

    static void write(DataOutputStream out, ExtractionException failure) throws IOException {
        out.writeByte(FAILURE);
        out.writeByte(failure.reason().ordinal());
        writeText(out, cut(String.valueOf(failure.getMessage())));
        out.flush();
    }

    /** Reads an answer; of its blocks at most so many characters in all. */
    static ExtractedDocument read(DataInputStream in, int characters)
            throws IOException, ExtractionException {
        int kind = in.readUnsignedByte();
        if (kind == FAILURE) {
            Reason reason = one(Reason.values(), in.readUnsignedByte());
            throw new ExtractionException(reason, readText(in, SHORT_TEXT));
        }
        if (kind != DOCUMENT) {
            throw corrupt("kind " + kind);
        }
        String title = readText(in, SHORT_TEXT);
        String type = readText(in, SHORT_TEXT);
        List<String> notes = readTexts(in);
        int count = count(in);
        List<Block> blocks = new ArrayList<>(Math.min(count, 1 << 16));
        long room = characters;
        for (int i = 0; i < count; i++) {
            Block.Kind of = one(Block.Kind.values(), in.readUnsignedByte());
            String text = readText(in, (int) Math.min(Integer.MAX_VALUE - 16L, 4 * room));
            room -= text.length();
            if (room < 0) {
                throw corrupt("more text than was asked for");
            }
            blocks.add(new Block(of, text, readTexts(in), in.readInt(), in.readInt()));
        }
        return new ExtractedDocument(title, type, blocks, notes);
    }

    private static <T> T one(T[] values, int index) throws IOException {
        if (index >= values.length) {
            throw corrupt("value " + index);
        }
        return values[index];
    }

    private static String cut(String text) {
        return text.length() > 4000 ? text.substring(0, 4000) : text;
    }

    static void writeText(DataOutputStream out, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    static String readText(DataInputStream in, int mostBytes) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > mostBytes) {
            throw corrupt("a text of " + length + " bytes");
        }
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw corrupt("an end within a text");
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static void writeTexts(DataOutputStream out, List<String> texts) throws IOException {
        out.writeInt(texts.size());
        for (String text : texts) {
            writeText(out, cut(text));
        }
    }

    private static List<String> readTexts(DataInputStream in) throws IOException {
        int count = count(in);
        List<String> texts = new ArrayList<>(Math.min(count, 64));
        for (int i = 0; i < count; i++) {
            texts.add(readText(in, SHORT_TEXT));
        }
        return texts;
    }

    private static int count(DataInputStream in) throws IOException {
        int count = in.readInt();
        if (count < 0 || count > MOST_ITEMS) {
            throw corrupt(count + " items");
        }
        return count;
    }

    private static StreamCorruptedException corrupt(String found) {
        return new StreamCorruptedException("the worker said what it should not: " + found);
    }
}
