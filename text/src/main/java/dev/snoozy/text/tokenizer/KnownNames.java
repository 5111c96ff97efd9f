package dev.snoozy.text.tokenizer;

import static dev.snoozy.text.tokenizer.ModelVocabulary.CONTROL;
import static dev.snoozy.text.tokenizer.ModelVocabulary.NORMAL;
import static dev.snoozy.text.tokenizer.ModelVocabulary.STRIP_LEFT;
import static dev.snoozy.text.tokenizer.ModelVocabulary.STRIP_RIGHT;
import static dev.snoozy.text.tokenizer.ModelVocabulary.UNKNOWN;
import static dev.snoozy.text.tokenizer.ModelVocabulary.USER_DEFINED;

import dev.snoozy.format.Metadata;

import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * What is known of tokens by their names alone. Files often do not say which token ends a turn, or
 * call it a normal token. The names are those that llama.cpp goes by (llama-vocab.cpp).
 */
final class KnownNames {
    /** Tokens that end generation wherever they occur. */
    private static final Set<String> ENDS =
            Set.of(
                    "<|eot_id|>",
                    "<|im_end|>",
                    "<|end|>",
                    "<|return|>",
                    "<|call|>",
                    "<|flush|>",
                    "<|calls|>",
                    "<end_of_turn>",
                    "<|endoftext|>",
                    "<|eom_id|>",
                    "<EOT>",
                    "_<EOT>",
                    "[EOT]",
                    "[EOS]",
                    "<|end_of_text|>",
                    "<end_of_utterance>",
                    "<eos>",
                    "<turn|>",
                    "<|tool_response>",
                    "<\uFF5Cend\u2581of\u2581sentence\uFF5C>",
                    "[e~[");

    /**
     * Ends generation too, except where it is a normal token: in Gemma it is the HTML tag. It keeps
     * its type: phi-3 has it user-defined.
     */
    private static final String STRIKE = "</s>";

    /** The channel marks of gpt-oss: part of the text that follows, not control tokens. */
    private static final Set<String> MARKS =
            Set.of("<|channel|>", "<|message|>", "<|start|>", "<|constrain|>");

    private static final Map<String, SpecialToken> PARTS = parts();

    private KnownNames() {}

    private static Map<String, SpecialToken> parts() {
        Map<String, SpecialToken> parts = new HashMap<>();
        put(
                parts,
                SpecialToken.EOT,
                "<|eot_id|>",
                "<|im_end|>",
                "<|end|>",
                "<end_of_turn>",
                "<|endoftext|>",
                "<|end_of_text|>",
                "<EOT>",
                "_<EOT>",
                "[EOT]",
                "<\uFF5Cend\u2581of\u2581sentence\uFF5C>",
                "<end_of_utterance>");
        put(parts, SpecialToken.EOM, "<|eom_id|>");
        put(
                parts,
                SpecialToken.FIM_PREFIX,
                "<|fim_prefix|>",
                "<fim-prefix>",
                "<fim_prefix>",
                "<\uFF5Cfim\u2581begin\uFF5C>",
                "<PRE>",
                "\u2581<PRE>",
                "<|code_prefix|>",
                "<|prefix|>");
        put(
                parts,
                SpecialToken.FIM_SUFFIX,
                "<|fim_suffix|>",
                "<fim-suffix>",
                "<fim_suffix>",
                "<\uFF5Cfim\u2581hole\uFF5C>",
                "<SUF>",
                "\u2581<SUF>",
                "<|code_suffix|>",
                "<|suffix|>");
        put(
                parts,
                SpecialToken.FIM_MIDDLE,
                "<|fim_middle|>",
                "<fim-middle>",
                "<fim_middle>",
                "<\uFF5Cfim\u2581end\uFF5C>",
                "<MID>",
                "\u2581<MID>",
                "<|code_middle|>",
                "<|middle|>");
        put(
                parts,
                SpecialToken.FIM_PADDING,
                "<|fim_pad|>",
                "<fim-pad>",
                "<fim_pad>",
                "<PAD>",
                "[PAD]");
        put(
                parts,
                SpecialToken.FIM_REPOSITORY,
                "<|fim_repo|>",
                "<|repo_name|>",
                "<fim-repo>",
                "<REPO>",
                "<reponame>");
        put(parts, SpecialToken.FIM_FILE, "<|file_sep|>");
        return parts;
    }

    private static void put(Map<String, SpecialToken> parts, SpecialToken part, String... names) {
        for (String name : names) {
            parts.put(name, part);
        }
    }

    /**
     * Fills in special tokens that the file does not name, and makes control tokens of what must be
     * one.
     *
     * @return the tokens that end generation
     */
    static BitSet apply(String[] tokens, short[] attributes, Map<SpecialToken, Integer> special) {
        BitSet ends = new BitSet();
        Map<String, Integer> endNames = new HashMap<>();
        for (int id = 0; id < tokens.length; id++) {
            String name = tokens[id];
            SpecialToken part = PARTS.get(name);
            if (part != null && special.getOrDefault(part, -1) < 0) {
                special.put(part, id);
                attributes[id] |= CONTROL;
            }
            if (ENDS.contains(name)) {
                ends.set(id);
                endNames.put(name, id);
                attributes[id] |= CONTROL;
            }
            if (name.equals(STRIKE) && (attributes[id] & NORMAL) == 0) {
                ends.set(id);
                endNames.put(name, id);
            }
            if (MARKS.contains(name)) {
                attributes[id] = USER_DEFINED;
            }
        }
        for (SpecialToken part :
                List.of(
                        SpecialToken.EOS,
                        SpecialToken.EOT,
                        SpecialToken.EOM,
                        SpecialToken.FIM_PADDING,
                        SpecialToken.FIM_REPOSITORY,
                        SpecialToken.FIM_FILE)) {
            int id = special.getOrDefault(part, -1);
            if (id >= 0) {
                ends.set(id);
                endNames.put(tokens[id], id);
            }
        }
        except(ends, endNames, attributes);
        return ends;
    }

    /** Two families in which a usual end token is none. */
    private static void except(BitSet ends, Map<String, Integer> names, short[] attributes) {
        Integer end = names.get("<|end|>");
        boolean calls = names.containsKey("<|call|>") || names.containsKey("<|calls|>");
        if (end != null
                && calls
                && (names.containsKey("<|return|>") || names.containsKey("<|flush|>"))) {
            // gpt-oss and solar-open: ends a message of several, not the turn.
            ends.clear(end);
            attributes[end] = USER_DEFINED;
        }
        Integer strike = names.get(STRIKE);
        if (strike != null && names.containsKey("<|tool_response>")) {
            // gemma4: the HTML tag.
            ends.clear(strike);
            attributes[strike] = NORMAL;
        }
    }

    /** Sets which tokens take the white space beside them; files do not tell. */
    static void strip(Metadata metadata, String[] tokens, short[] attributes) {
        String name = metadata.string("general.name", "").toLowerCase(Locale.ROOT);
        String architecture = metadata.string("general.architecture", "");
        String pre = metadata.string(VocabularyReader.PREFIX + "pre", "");
        String masked = "";
        if (pre.contains("jina-v2-de")
                || pre.contains("jina-v2-es")
                || pre.contains("jina-v2-code")
                || architecture.contains("nomic-bert-moe")
                || architecture.contains("jina-bert-v3")) {
            masked = "<mask>";
        } else if (name.contains("phi-3") || name.contains("phi3")) {
            stripPhi3(tokens, attributes);
        } else if (name.contains("modern-bert")) {
            masked = "[MASK]";
        }
        for (int id = 0; id < tokens.length && !masked.isEmpty(); id++) {
            if (tokens[id].equals(masked)) {
                attributes[id] |= STRIP_LEFT;
            }
        }
    }

    private static void stripPhi3(String[] tokens, short[] attributes) {
        Set<String> keep = Set.of("<unk>", "<s>", "<|endoftext|>");
        for (int id = 0; id < tokens.length; id++) {
            boolean special = (attributes[id] & (CONTROL | USER_DEFINED | UNKNOWN)) != 0;
            if (tokens[id].equals(STRIKE) || special && !keep.contains(tokens[id])) {
                attributes[id] |= STRIP_RIGHT;
            }
        }
    }
}
