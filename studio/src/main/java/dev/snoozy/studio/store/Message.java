package dev.snoozy.studio.store;

import dev.snoozy.server.http.Json;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.time.Instant;

/**
 * A message in the tree of a chat. Immutable, but for the JSON that nobody changes.
 *
 * @param parent the message before it, or null for a first one; messages of one parent are branches
 * @param role {@code user}, {@code assistant} or {@code system}
 * @param attachments objects with name, bytes and text
 * @param answer how it came about, if a model wrote it
 * @param state {@link #WRITING} or {@link #DONE}
 * @param ids the tokens of an answer, from which it can be continued exactly; none if unknown
 * @param tokens the tokens with their probabilities, if they were asked for
 */
public record Message(
        String id,
        String chat,
        @Nullable String parent,
        String role,
        String content,
        String reasoning,
        ArrayNode attachments,
        Answer answer,
        String state,
        Instant created,
        ArrayNode ids,
        @Nullable ArrayNode tokens) {
    /** A model is at it. */
    public static final String WRITING = "writing";

    /** Nothing more comes. */
    public static final String DONE = "done";

    /** How an answer came about, of which nothing is known for what people write. */
    public record Answer(
            String model,
            String digest,
            @Nullable Long seed,
            ObjectNode options,
            ObjectNode stats,
            @Nullable String finish,
            String error) {
        /** Nothing known. */
        public static Answer none() {
            return new Answer("", "", null, Json.object(), Json.object(), null, "");
        }

        /** An answer that begins. */
        public static Answer begin(String model, long seed, ObjectNode options) {
            return new Answer(model, "", seed, options, Json.object(), null, "");
        }

        /** How it ended. */
        public Answer ended(
                String byModel, String fileDigest, ObjectNode counts, String why, String wrong) {
            return new Answer(byModel, fileDigest, seed, options, counts, why, wrong);
        }
    }

    /** A message that is whole. */
    public static Message said(
            String chat,
            @Nullable String parent,
            String role,
            String content,
            ArrayNode attachments) {
        return new Message(
                Ids.next(),
                chat,
                parent,
                role,
                content,
                "",
                attachments,
                Answer.none(),
                DONE,
                Stored.now(),
                Json.array(),
                null);
    }

    /** An answer that a model begins. */
    public static Message begin(
            String chat, @Nullable String parent, Answer answer, boolean keepsTokens) {
        return new Message(
                Ids.next(),
                chat,
                parent,
                "assistant",
                "",
                "",
                Json.array(),
                answer,
                WRITING,
                Stored.now(),
                Json.array(),
                keepsTokens ? Json.array() : null);
    }

    /** The same message in another place. */
    public Message as(String newId, String newChat, @Nullable String newParent) {
        return new Message(
                newId,
                newChat,
                newParent,
                role,
                content,
                reasoning,
                attachments,
                answer,
                state,
                created,
                ids,
                tokens);
    }

    /** With another text before the end of the writing, and how it came about. */
    public Message with(
            String newContent,
            String newReasoning,
            ArrayNode newIds,
            @Nullable ArrayNode newTokens,
            Answer newAnswer,
            String newState) {
        return new Message(
                id,
                chat,
                parent,
                role,
                newContent,
                newReasoning,
                attachments,
                newAnswer,
                newState,
                created,
                newIds,
                newTokens);
    }

    /** Said at another time, with reasoning and by a model, as imports know it. */
    public Message from(Instant time, String thought, String model) {
        Answer by = new Answer(model, "", null, Json.object(), Json.object(), answer.finish(), "");
        return new Message(
                id,
                chat,
                parent,
                role,
                content,
                thought,
                attachments,
                by,
                state,
                time,
                ids,
                tokens);
    }

    /** As the page reads it. */
    public ObjectNode json() {
        ObjectNode node = Json.object();
        node.put("id", id);
        node.put("parent", parent);
        node.put("role", role);
        node.put("content", content);
        node.put("reasoning", reasoning);
        node.set("attachments", attachments);
        node.put("model", answer.model());
        node.put("digest", answer.digest());
        node.put("seed", answer.seed());
        node.set("options", answer.options());
        node.set("stats", answer.stats());
        node.put("finish", answer.finish());
        node.put("error", answer.error().isEmpty() ? null : answer.error());
        node.put("state", state);
        node.put("created", created.toString());
        if (tokens != null) {
            node.set("tokens", tokens);
        }
        return node;
    }
}
