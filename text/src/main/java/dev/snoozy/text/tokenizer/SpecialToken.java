package dev.snoozy.text.tokenizer;

/** The parts that a vocabulary may give to a token of its own. */
public enum SpecialToken {
    BOS("bos_token_id"),
    EOS("eos_token_id"),
    /** End of a turn. */
    EOT("eot_token_id"),
    /** End of a message that waits for the result of a tool. */
    EOM("eom_token_id"),
    UNKNOWN("unknown_token_id"),
    /** Stands after each text of an encoder such as BERT. */
    SEPARATOR("separator_token_id", "seperator_token_id"),
    PADDING("padding_token_id"),
    /** Stands before the text of an encoder such as BERT. */
    CLASSIFICATION("cls_token_id"),
    MASK("mask_token_id"),
    /** Before the text that stands before the gap (fill in the middle). */
    FIM_PREFIX("fim_pre_token_id", "prefix_token_id"),
    /** Before the text that stands after the gap. */
    FIM_SUFFIX("fim_suf_token_id", "suffix_token_id"),
    /** Before the text that fills the gap. */
    FIM_MIDDLE("fim_mid_token_id", "middle_token_id"),
    FIM_PADDING("fim_pad_token_id"),
    /** Before the name of a repository. */
    FIM_REPOSITORY("fim_rep_token_id"),
    /** Before the name of a file. */
    FIM_FILE("fim_sep_token_id");

    private final String[] keys;

    SpecialToken(String... keys) {
        this.keys = keys;
    }

    /** The metadata keys that name this token, without {@code tokenizer.ggml.}. */
    String[] keys() {
        return keys.clone();
    }
}
