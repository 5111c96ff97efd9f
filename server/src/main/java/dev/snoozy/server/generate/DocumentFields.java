package dev.snoozy.server.generate;

import dev.snoozy.documents.answer.AnswerOptions;
import dev.snoozy.documents.answer.Citation;
import dev.snoozy.documents.answer.DocumentChat.Prepared;
import dev.snoozy.documents.index.SearchRequest;
import dev.snoozy.documents.index.SearchRequest.Method;
import dev.snoozy.engine.ChatMessage;
import dev.snoozy.engine.ChatReply;
import dev.snoozy.engine.ContextPolicy;
import dev.snoozy.engine.GenerationOptions;
import dev.snoozy.engine.LanguageModel;
import dev.snoozy.engine.Role;
import dev.snoozy.server.http.Fields;
import dev.snoozy.server.http.HttpProblem;
import dev.snoozy.server.http.HttpProblem.Kind;
import dev.snoozy.server.http.Json;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The field {@code documents} of a chat request, and those of a search. */
public final class DocumentFields {
    private static final String NAME = "documents";
    private static final int MOST_COLLECTIONS = 16;
    private static final int MOST_PLACES = 64;
    private static final int MOST_PASSAGES = 100;
    private static final int USUAL_PASSAGES = 16;
    private static final int MOST_TOKENS = 1 << 20;

    private DocumentFields() {}

    /**
     * The conversation with passages in it, if the request names a collection: {@code documents} is
     * its name, a list of names, or an object with {@code collection} (one of both) and what a
     * search has.
     *
     * @param policy what becomes of a conversation that is too long
     */
    public static Optional<Prepared> prepare(
            Fields fields,
            List<ChatMessage> conversation,
            GenerationOptions generation,
            ContextPolicy policy,
            LanguageModel model,
            Service service) {
        Optional<JsonNode> given = fields.any(NAME);
        if (given.isEmpty()) {
            return Optional.empty();
        }
        DocumentRoom room = room(service);
        if (conversation.getLast().role() != Role.USER) {
            throw HttpProblem.invalid(
                    NAME, "expected a conversation that ends with a message of the user");
        }
        AnswerOptions options =
                AnswerOptions.defaults()
                        .withGeneration(generation)
                        .withDropping(policy != ContextPolicy.REFUSE);
        if (given.get().isString() || given.get().isArray()) {
            List<String> names = collections(fields, NAME);
            return Optional.of(room.prepare(names, model, conversation, options));
        }
        Fields inner = fields.fields(NAME).orElseThrow();
        options =
                options.withSearch(search(inner, "", USUAL_PASSAGES))
                        .withPassageTokens(inner.integer("passage_tokens", 0, MOST_TOKENS, 0))
                        .withRewrite(inner.bool("rewrite", true));
        List<String> names = collections(inner, "collection");
        return Optional.of(room.prepare(names, model, conversation, options));
    }

    /** The names of collections in a field, at least one. */
    public static List<String> collections(Fields fields, String name) {
        List<String> names = fields.strings(name, MOST_COLLECTIONS);
        if (names.isEmpty()) {
            throw fields.missing(name);
        }
        return names;
    }

    /** The documents of a server, which may have none. */
    public static DocumentRoom room(Service service) {
        return service.documents()
                .orElseThrow(() ->
                        new HttpProblem(
                                Kind.NOT_SUPPORTED, "this server was started without documents"));
    }

    /** What is searched for, and where. */
    public static SearchRequest search(Fields fields, String question, int usualCount) {
        Method method =
                switch (fields.string("method").orElse("hybrid")) {
                    case "hybrid" -> Method.HYBRID;
                    case "words" -> Method.WORDS;
                    case "vectors" -> Method.VECTORS;
                    default -> throw fields.invalid("method", "expected hybrid, words or vectors");
                };
        return SearchRequest.of(question, fields.integer("count", 1, MOST_PASSAGES, usualCount))
                .withMethod(method)
                .withBelow(
                        fields.strings("below", MOST_PLACES).stream()
                                .map(text -> path(fields, text))
                                .toList())
                .withEndings(fields.strings("types", MOST_PLACES))
                .withTimes(time(fields, "since"), time(fields, "until"));
    }

    private static Path path(Fields fields, String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw fields.invalid("below", "expected paths, found one that is none");
        }
    }

    private static Optional<Instant> time(Fields fields, String name) {
        try {
            return fields.string(name).map(Instant::parse);
        } catch (DateTimeParseException e) {
            throw fields.invalid(name, "expected a time such as 2026-01-31T00:00:00Z");
        }
    }

    /** What an answer says of its documents: the question, and all passages that were shown. */
    public static ObjectNode json(Prepared prepared, String answer) {
        List<Citation> cited = prepared.grounding().cited(answer);
        ObjectNode node = Json.object();
        node.put("question", prepared.question());
        node.put("found", !prepared.grounding().citations().isEmpty());
        ArrayNode citations = node.putArray("citations");
        for (Citation citation : prepared.grounding().citations()) {
            ObjectNode one = citations.addObject();
            one.put("number", citation.number());
            one.put("cited", cited.contains(citation));
            one.put("file", citation.file().toString());
            one.put("title", citation.title());
            ArrayNode headings = one.putArray("headings");
            citation.headings().forEach(headings::add);
            one.put("page", citation.page());
            one.put("line", citation.line());
            one.put("last_line", citation.lastLine());
            one.put("passage", citation.passage());
        }
        return node;
    }

    /** The passages in what an answer says of its documents; those that cannot be read are not. */
    public static List<Citation> citations(JsonNode documents) {
        List<Citation> citations = new ArrayList<>();
        for (JsonNode one : documents.path("citations")) {
            List<String> headings = new ArrayList<>();
            one.path("headings").forEach(heading -> headings.add(heading.asString("")));
            try {
                citations.add(
                        new Citation(
                                one.path("number").asInt(0),
                                Path.of(one.path("file").asString("")),
                                one.path("title").asString(""),
                                headings,
                                one.path("page").asInt(0),
                                one.path("line").asInt(0),
                                one.path("last_line").asInt(0),
                                one.path("passage").asString("")));
            } catch (InvalidPathException e) {
                // Of another system, from which the chat was taken over.
            }
        }
        return citations;
    }

    /** Adds to an answer what it says of its documents, if it has any. */
    public static void addTo(ObjectNode node, Optional<Prepared> documents, ChatReply reply) {
        documents.ifPresent(found -> node.set(NAME, json(found, reply.text())));
    }

    /** The messages that a model is asked: with passages in them, if there are documents. */
    public static List<ChatMessage> messages(
            Optional<Prepared> documents, List<ChatMessage> otherwise) {
        return documents.map(found -> found.grounding().messages()).orElse(otherwise);
    }

    /** The word for a status or a method, as JSON has it. */
    public static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
