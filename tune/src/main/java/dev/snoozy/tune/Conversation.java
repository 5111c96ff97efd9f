package dev.snoozy.tune;

import dev.snoozy.engine.ChatMessage;

import java.util.List;

/**
 * A row of the data.
 *
 * @param row its number, from 1
 * @param messages of which those of the assistant are learnt
 */
record Conversation(int row, List<ChatMessage> messages) {
    Conversation {
        messages = List.copyOf(messages);
    }
}
