import org.jspecify.annotations.NullMarked;

/** Tokenizers, the streaming decoder, chat templates and grammars. */
@NullMarked
module dev.snoozy.text {
    requires static org.jspecify;
    requires transitive dev.snoozy.format;

    exports dev.snoozy.text;
    exports dev.snoozy.text.chat;
    exports dev.snoozy.text.grammar;
    exports dev.snoozy.text.template;
    exports dev.snoozy.text.tokenizer;
}
