package dev.snoozy.engine.sample;

import dev.snoozy.text.tokenizer.SpecialToken;
import dev.snoozy.text.tokenizer.Vocabulary;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;

/** A vocabulary of given texts. Those in angle brackets are control tokens. */
record Words(List<String> texts) implements Vocabulary {
    static Words of(String... texts) {
        return new Words(List.of(texts));
    }

    /** A vocabulary whose texts do not matter. */
    static Words numbered(int size) {
        return new Words(IntStream.range(0, size).mapToObj(i -> "w" + i).toList());
    }

    @Override
    public int size() {
        return texts.size();
    }

    @Override
    public String piece(int id) {
        return texts.get(id);
    }

    @Override
    public int id(String piece) {
        return texts.indexOf(piece);
    }

    @Override
    public byte[] bytes(int id) {
        return isControl(id) ? new byte[0] : texts.get(id).getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public boolean isControl(int id) {
        return texts.get(id).startsWith("<|");
    }

    @Override
    public int special(SpecialToken part) {
        return -1;
    }

    @Override
    public int bos() {
        return -1;
    }

    @Override
    public int eos() {
        return -1;
    }

    @Override
    public boolean endsGeneration(int id) {
        return false;
    }
}
