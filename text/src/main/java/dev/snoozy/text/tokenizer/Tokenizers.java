package dev.snoozy.text.tokenizer;

import static dev.snoozy.text.tokenizer.SpecialToken.BOS;
import static dev.snoozy.text.tokenizer.SpecialToken.CLASSIFICATION;
import static dev.snoozy.text.tokenizer.SpecialToken.EOS;
import static dev.snoozy.text.tokenizer.SpecialToken.MASK;
import static dev.snoozy.text.tokenizer.SpecialToken.PADDING;
import static dev.snoozy.text.tokenizer.SpecialToken.SEPARATOR;
import static dev.snoozy.text.tokenizer.SpecialToken.UNKNOWN;

import dev.snoozy.format.FormatException;
import dev.snoozy.format.Metadata;
import dev.snoozy.text.TextException;
import dev.snoozy.text.tokenizer.ModelTokenizer.Frame;
import dev.snoozy.text.tokenizer.WordPieceEncoder.Normalization;

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
                case "bert" -> wordPiece(in);
                case "t5" -> unigram(in);
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

    private static Tokenizer wordPiece(VocabularyReader in) {
        ModelVocabulary vocabulary =
                new ModelVocabulary(
                        in,
                        Piece.SENTENCE_PIECE,
                        Map.of(BOS, 101, UNKNOWN, 100, SEPARATOR, 102, PADDING, 0, MASK, 103));
        boolean lowercase = in.flag("normalizer.lowercase", true);
        boolean accents = in.flag("normalizer.strip_accents", lowercase);
        Normalization normalization =
                new Normalization(
                        lowercase, accents, accents && in.has("normalizer.strip_accents"));
        boolean named = vocabulary.special(CLASSIFICATION) >= 0;
        return new ModelTokenizer(
                vocabulary,
                new WordPieceEncoder(vocabulary, normalization),
                new Frame(
                        part(vocabulary, named ? CLASSIFICATION : BOS),
                        part(vocabulary, SEPARATOR)),
                new Detokenizer(vocabulary, in.flag("add_space_prefix", false), true));
    }

    private static Tokenizer unigram(VocabularyReader in) {
        ModelVocabulary vocabulary =
                new ModelVocabulary(
                        in, Piece.SENTENCE_PIECE, Map.of(EOS, 1, UNKNOWN, 2, PADDING, 0));
        boolean space = in.flag("add_space_prefix", false);
        return new ModelTokenizer(
                vocabulary,
                new UnigramEncoder(
                        vocabulary,
                        new Charsmap(in.bytes("precompiled_charsmap")),
                        space,
                        in.flag("remove_extra_whitespaces", false)),
                frame(in, vocabulary, false, true),
                new Detokenizer(vocabulary, space, false));
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
        return in.flag(key, otherwise) ? part(vocabulary, part) : -1;
    }

    private static int part(ModelVocabulary vocabulary, SpecialToken part) {
        int id = vocabulary.special(part);
        if (id < 0) {
            throw new TextException(
                    VocabularyReader.PREFIX
                            + part.keys()[0]
                            + ": found none, but a text is to have this token beside it;"
                            + " convert the model again");
        }
        return id;
    }
}
