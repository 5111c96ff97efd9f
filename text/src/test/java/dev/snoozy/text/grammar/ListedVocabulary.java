package dev.snoozy.text.grammar;

import dev.snoozy.text.tokenizer.SpecialToken;
import dev.snoozy.text.tokenizer.Vocabulary;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A vocabulary of tokens that a test lists. The first is the end, then come control tokens. */
final class ListedVocabulary implements Vocabulary {
    static final int END = 0;

    private final List<byte[]> tokens = new ArrayList<>();
    private final List<String> control;

    ListedVocabulary(List<String> control, List<byte[]> texts) {
        this.control = control;
        tokens.add(new byte[0]);
        control.forEach(name -> tokens.add(new byte[0]));
        tokens.addAll(texts);
    }

    /** Some bytes alone, an empty token, words, short and long, and pieces of characters. */
    static ListedVocabulary random(Random random, String letters) {
        List<byte[]> texts = new ArrayList<>();
        byte[] bytes = letters.getBytes(StandardCharsets.UTF_8);
        for (byte b : bytes) {
            texts.add(new byte[] {b});
        }
        texts.add(new byte[0]);
        for (int i = 0; i < 150; i++) {
            int from = random.nextInt(bytes.length);
            byte[] text = new byte[1 + (i % 10 == 0 ? random.nextInt(40) : random.nextInt(5))];
            for (int j = 0; j < text.length; j++) {
                boolean runs = random.nextInt(3) > 0;
                text[j] = bytes[runs ? (from + j) % bytes.length : random.nextInt(bytes.length)];
            }
            texts.add(text);
        }
        return new ListedVocabulary(List.of("<|start|>", "<call>"), texts);
    }

    static ListedVocabulary of(String... texts) {
        return new ListedVocabulary(
                List.of("<call>"),
                java.util.Arrays.stream(texts)
                        .map(text -> text.getBytes(StandardCharsets.UTF_8))
                        .toList());
    }

    /** A token by its text. */
    int token(String text) {
        for (int i = 0; i < tokens.size(); i++) {
            if (new String(bytes(i), StandardCharsets.UTF_8).equals(text)) {
                return i;
            }
        }
        throw new IllegalArgumentException(text);
    }

    @Override
    public int size() {
        return tokens.size();
    }

    @Override
    public String piece(int id) {
        return isControl(id)
                ? id == END ? "<end>" : control.get(id - 1)
                : new String(bytes(id), StandardCharsets.ISO_8859_1);
    }

    @Override
    public int id(String piece) {
        for (int i = 0; i < size(); i++) {
            if (piece(i).equals(piece)) {
                return i;
            }
        }
        return -1;
    }

    @Override
    public byte[] bytes(int id) {
        return tokens.get(id).clone();
    }

    @Override
    public boolean isControl(int id) {
        return id <= control.size();
    }

    @Override
    public int special(SpecialToken part) {
        return part == SpecialToken.EOS ? END : -1;
    }

    @Override
    public int bos() {
        return -1;
    }

    @Override
    public int eos() {
        return END;
    }

    @Override
    public boolean endsGeneration(int id) {
        return id == END;
    }
}
