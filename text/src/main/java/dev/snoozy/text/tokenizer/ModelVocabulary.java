package dev.snoozy.text.tokenizer;

import dev.snoozy.text.TextException;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;

/** The vocabulary of a GGUF file. */
final class ModelVocabulary implements Vocabulary {
    /** Attributes of a token. The first six are its type in the file; a token may get another. */
    static final int NORMAL = 1;

    static final int UNKNOWN = 2;
    static final int CONTROL = 4;
    static final int USER_DEFINED = 8;
    static final int UNUSED = 16;
    static final int BYTE = 32;

    /** White space in front of the token's name belongs to the name. */
    static final int STRIP_LEFT = 64;

    /** White space behind the token's name belongs to the name. */
    static final int STRIP_RIGHT = 128;

    private static final byte[] NO_BYTES = {};

    private final Piece piece;
    private final String[] tokens;
    private final float[] scores;
    private final short[] attributes;
    private final EnumMap<SpecialToken, Integer> special = new EnumMap<>(SpecialToken.class);
    private final BitSet ends;

    /** Built when first asked for: running a model looks up few tokens by text, or none. */
    private volatile @Nullable Map<String, Integer> ids;

    /**
     * Reads a vocabulary.
     *
     * @param defaults the special tokens of models that do not name them
     */
    ModelVocabulary(VocabularyReader in, Piece piece, Map<SpecialToken, Integer> defaults) {
        this.piece = piece;
        tokens = in.tokens();
        scores = in.scores(tokens.length);
        attributes = attributes(in.types(tokens.length));
        for (SpecialToken part : SpecialToken.values()) {
            int id = defaults.getOrDefault(part, -1);
            for (String key : part.keys()) {
                id = in.id(key, tokens.length, id);
            }
            special.put(part, id);
        }
        ends = KnownNames.apply(tokens, attributes, special);
        KnownNames.strip(in.metadata(), tokens, attributes);
    }

    private short[] attributes(int[] types) {
        short[] result = new short[tokens.length];
        for (int i = 0; i < result.length; i++) {
            result[i] =
                    switch (types[i]) {
                        case 1 -> NORMAL;
                        case 2 -> UNKNOWN;
                        case 3 -> CONTROL;
                        case 4 -> USER_DEFINED;
                        case 5 -> UNUSED;
                        case 6 -> BYTE;
                        default -> 0;
                    };
        }
        return result;
    }

    @Override
    public int size() {
        return tokens.length;
    }

    @Override
    public String piece(int id) {
        return tokens[check(id)];
    }

    @Override
    public int id(String piece) {
        Map<String, Integer> known = ids;
        if (known == null) {
            known = HashMap.newHashMap(tokens.length);
            for (int i = 0; i < tokens.length; i++) {
                known.putIfAbsent(tokens[i], i);
            }
            ids = known;
        }
        return known.getOrDefault(piece, -1);
    }

    @Override
    public byte[] bytes(int id) {
        return is(check(id), CONTROL | UNKNOWN) ? NO_BYTES : bytesOrName(id);
    }

    /** The bytes of a token; of a control or unknown token, those of its name. */
    byte[] bytesOrName(int id) {
        String text = tokens[check(id)];
        if (is(id, UNKNOWN | CONTROL | USER_DEFINED)) {
            return text.getBytes(StandardCharsets.UTF_8);
        }
        if (is(id, NORMAL)) {
            return piece.decode(text);
        }
        if (is(id, BYTE)) {
            int value = Piece.byteOf(text);
            return value >= 0 ? new byte[] {(byte) value} : text.getBytes(StandardCharsets.UTF_8);
        }
        return NO_BYTES;
    }

    @Override
    public boolean isControl(int id) {
        return is(check(id), CONTROL);
    }

    /** Whether a token has one of these attributes. */
    boolean is(int id, int attribute) {
        return (attributes[id] & attribute) != 0;
    }

    float score(int id) {
        return scores[id];
    }

    @Override
    public int special(SpecialToken part) {
        return special.getOrDefault(part, -1);
    }

    @Override
    public int bos() {
        return special(SpecialToken.BOS);
    }

    @Override
    public int eos() {
        return special(SpecialToken.EOS);
    }

    @Override
    public boolean endsGeneration(int id) {
        return ends.get(check(id));
    }

    private int check(int id) {
        if (id < 0 || id >= tokens.length) {
            throw new TextException(
                    "found token id " + id + ", expected one from 0 to " + (tokens.length - 1));
        }
        return id;
    }
}
