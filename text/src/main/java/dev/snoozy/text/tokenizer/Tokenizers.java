package dev.snoozy.text.tokenizer;

import static dev.snoozy.text.tokenizer.SpecialToken.BOS;
import static dev.snoozy.text.tokenizer.SpecialToken.EOS;
import static dev.snoozy.text.tokenizer.SpecialToken.UNKNOWN;

import dev.snoozy.format.FormatException;
import dev.snoozy.format.Metadata;
import dev.snoozy.text.TextException;
import dev.snoozy.text.tokenizer.ModelTokenizer.Frame;

import java.util.Map;

/** Chooses the tokenizer of a file. Defaults are llama.cpp's, for files that leave keys out. */
final class Tokenizers {
    private Tokenizers() {}

    static Tokenizer of(Metadata metadata) {
        try {
            VocabularyReader in = new VocabularyReader(metadata);
            String model = in.string("model", "none");
            return switch (model) {
                case "llama" -> sentencePiece(in);
                case "gpt2" -> bytePair(in, in.string("pre", PreTokenizers.DEFAULT));
                case "gemma4" -> bytePair(in, "gemma4");
                default ->
                        throw new TextException(
                                "tokenizer.ggml.model: found "
                                        + model
                                        + ", expected llama, gpt2, gemma4, bert or t5");
            };
        } catch (FormatException e) {
            TextException unusable = new TextException(String.valueOf(e.getMessage()));
            unusable.initCause(e);
            throw unusable;
        }
    }

    private static Tokenizer sentencePiece(VocabularyReader in) {
        ModelVocabulary vocabulary =
                new ModelVocabulary(in, Piece.SENTENCE_PIECE, Map.of(UNKNOWN, 0, BOS, 1, EOS, 2));
        boolean space = in.flag("add_space_prefix", true);
        return new ModelTokenizer(
                vocabulary,
                new SentencePieceEncoder(vocabulary, space),
                frame(in, vocabulary, true, false),
                new Detokenizer(vocabulary, space, false));
    }

    private static Tokenizer bytePair(VocabularyReader in, String pre) {
        PreTokenizer preTokenizer = PreTokenizers.of(pre);
        Piece piece = preTokenizer.rawText() ? Piece.SENTENCE_PIECE : Piece.BYTE_LEVEL;
        ModelVocabulary vocabulary = new ModelVocabulary(in, piece, Map.of());
        return new ModelTokenizer(
                vocabulary,
                new BytePairEncoder(vocabulary, preTokenizer, in.strings("merges")),
                frame(in, vocabulary, preTokenizer.addsBos(), false),
                new Detokenizer(
                        vocabulary,
                        in.flag("add_space_prefix", false),
                        preTokenizer.cleansSpaces()));
    }

    /** What a file asks to put around a text. */
    private static Frame frame(
            VocabularyReader in, ModelVocabulary vocabulary, boolean bos, boolean eos) {
        return new Frame(
                part(in, vocabulary, "add_bos_token", bos, BOS),
                part(in, vocabulary, "add_eos_token", eos, EOS));
    }

    private static int part(
            VocabularyReader in,
            ModelVocabulary vocabulary,
            String key,
            boolean otherwise,
            SpecialToken part) {
        if (!in.flag(key, otherwise)) {
            return -1;
        }
        int id = vocabulary.special(part);
        if (id < 0) {
            throw new TextException(
                    VocabularyReader.PREFIX
                            + key
                            + ": found true, but the vocabulary has no "
                            + part
                            + " token; expected "
                            + part.keys()[0]);
        }
        return id;
    }
}
