package dev.snoozy.langchain4j;

import dev.snoozy.engine.LanguageModel;

/** What both chat kits are run with. */
final class ChatKit {
    static final String OTHER_NAME = "another";

    private ChatKit() {}

    static SnoozyChatModel.Builder chat(LanguageModel model) {
        return SnoozyChatModel.builder().model(model).model(OTHER_NAME, model);
    }

    static SnoozyStreamingChatModel.Builder streaming(LanguageModel model) {
        return SnoozyStreamingChatModel.builder().model(model).model(OTHER_NAME, model);
    }
}
