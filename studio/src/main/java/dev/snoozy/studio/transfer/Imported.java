package dev.snoozy.studio.transfer;

import dev.snoozy.studio.store.Chat;
import dev.snoozy.studio.store.Message;

import java.util.List;

/**
 * A chat that was read.
 *
 * @param chat with times of its own
 * @param messages parents before children
 * @param lost what of it could not be read, in a line; or ""
 */
record Imported(Chat chat, List<Message> messages, String lost) {
    Imported {
        messages = List.copyOf(messages);
    }
}
