package dev.snoozy.studio.write;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * How an answer ended.
 *
 * @param model that wrote it
 * @param digest of the model's file, or "" if it is not known
 * @param adapters that were applied: names, scales and digests
 * @param finish {@code stop}, {@code length} or {@code cancelled}
 * @param stats counts of tokens and times, as the page reads them
 */
public record Written(
        String model, String digest, ArrayNode adapters, String finish, ObjectNode stats) {}
