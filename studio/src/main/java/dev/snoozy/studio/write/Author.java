package dev.snoozy.studio.write;

import dev.snoozy.documents.answer.DocumentChat.Prepared;
import dev.snoozy.documents.answer.Grounding;
import dev.snoozy.engine.AdapterUse;
import dev.snoozy.engine.ChatPiece;
import dev.snoozy.engine.ChatReply;
import dev.snoozy.engine.ChatRequest;
import dev.snoozy.engine.ChatStream;
import dev.snoozy.engine.Generation;
import dev.snoozy.engine.GenerationOptions;
import dev.snoozy.engine.LanguageModel;
import dev.snoozy.engine.ModelException;
import dev.snoozy.engine.TextPiece;
import dev.snoozy.engine.TextStream;
import dev.snoozy.engine.TokenChoice;
import dev.snoozy.server.generate.DocumentFields;
import dev.snoozy.server.generate.Generations;
import dev.snoozy.server.generate.Service;
import dev.snoozy.server.generate.TextFields;
import dev.snoozy.server.http.Fields;
import dev.snoozy.server.http.Json;
import dev.snoozy.server.models.ModelFiles;
import dev.snoozy.server.models.ModelPool;
import dev.snoozy.text.chat.AnswerParser;
import dev.snoozy.text.chat.AnswerPart;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Has models write answers, for chats and for the laboratory. Thread-safe. */
public final class Author {
    private final Service service;
    private final Digests digests;
    private final AdapterFiles adapters;
    private final LoadedAdapters loaded = new LoadedAdapters();

    public Author(Service service, Digests digests, AdapterFiles adapters) {
        this.service = service;
        this.digests = digests;
        this.adapters = adapters;
    }

    /** Takes what comes, on the thread of who asked. */
    @FunctionalInterface
    public interface Listener {
        /**
         * A piece of the answer.
         *
         * @param ids the tokens since the piece before
         * @param tokens those with their probabilities, or null if nobody asked for them
         */
        void piece(String content, String reasoning, ArrayNode ids, @Nullable ArrayNode tokens);
    }

    /**
     * Writes an answer; returns when it is whole or was stopped.
     *
     * @throws dev.snoozy.server.http.HttpProblem if it cannot begin
     * @throws ModelException if it breaks off
     */
    public Written write(Ask ask, Stop stop, Listener listener) {
        long start = System.nanoTime();
        try (ModelPool.Lease lease = service.pool().use(ask.model())) {
            LanguageModel model = Service.writer(lease);
            ArrayNode applied = Json.array();
            GenerationOptions options =
                    options(ask, model).withAdapters(uses(ask, lease.name(), model, applied));
            Optional<Prepared> documents = documents(ask, options, model);
            Ask grounded =
                    documents.map(found -> ask.with(found.grounding().messages())).orElse(ask);
            Writing writing = new Writing(model, grounded, stop, listener, start);
            ObjectNode stats;
            if (documents.isPresent() && documents.get().grounding().citations().isEmpty()) {
                stats = writing.nothingFound();
            } else {
                stats =
                        ask.plain() || ask.continues()
                                ? Generations.asked(() -> writing.text(options))
                                : Generations.asked(() -> writing.chat(options));
            }
            documents.ifPresent(found ->
                    stats.set("documents", DocumentFields.json(found, writing.whole.toString())));
            stats.put("loadMs", lease.loadNanos() / 1e6);
            stats.put("kernels", model.kernels());
            return new Written(
                    lease.name(),
                    digests.known(service.pool().files().find(lease.name())),
                    applied,
                    writing.finish,
                    stats);
        }
    }

    /**
     * The adapters of an answer. None, if it wants none, also where the model has usual ones: what
     * is kept of an answer says all that it depends on.
     *
     * @param applied is told them, with their digests
     */
    private AdapterUse[] uses(Ask ask, String name, LanguageModel model, ArrayNode applied) {
        List<AdapterUse> uses = new ArrayList<>();
        for (Ask.Scaled wanted : ask.adapters()) {
            ModelFiles.Entry entry =
                    adapters.find(wanted.name())
                            .orElseThrow(() ->
                                    new ModelException(
                                            "there is no adapter "
                                                    + wanted.name()
                                                    + " any more; cure: put its file back"));
            uses.add(loaded.of(model, name, entry).scaled((float) wanted.scale()));
            applied.addObject()
                    .put("name", wanted.name())
                    .put("scale", wanted.scale())
                    .put("digest", digests.of(entry));
        }
        return uses.toArray(AdapterUse[]::new);
    }

    /**
     * The passages for the last question, if the answer is to come from documents. An answer that
     * goes on is asked for them anew: they are the same as long as the documents are.
     */
    private Optional<Prepared> documents(Ask ask, GenerationOptions options, LanguageModel model) {
        return Generations.asked(() ->
                DocumentFields.prepare(
                        new Fields(ask.options()),
                        ask.messages(),
                        options,
                        OptionFields.policy(ask.options()),
                        model,
                        service));
    }

    private GenerationOptions options(Ask ask, LanguageModel model) {
        GenerationOptions options =
                Generations.asked(() ->
                        TextFields.options(new Fields(ask.options()), service.generation(), model));
        return options.withSampling(options.sampling().toBuilder().seed(ask.seed()).build())
                .withAlternatives(ask.tokens() ? TokenProbabilities.COUNTED : 0);
    }

    /** One answer. */
    private static final class Writing {
        private final LanguageModel model;
        private final Ask ask;
        private final Stop stop;
        private final Listener listener;
        private final long start;
        private final StringBuilder whole = new StringBuilder();
        private long first;
        private String finish = "stop";

        Writing(LanguageModel model, Ask ask, Stop stop, Listener listener, long start) {
            this.model = model;
            this.ask = ask;
            this.stop = stop;
            this.listener = listener;
            this.start = start;
        }

        private ChatRequest request(GenerationOptions options) {
            return ChatRequest.of(ask.messages())
                    .withOptions(options)
                    .withContextPolicy(OptionFields.policy(ask.options()))
                    .withTemplateVariables(OptionFields.templateVariables(ask.options()));
        }

        ObjectNode chat(GenerationOptions options) {
            try (ChatStream stream = model.chat(request(options))) {
                stop.with(stream::cancel);
                for (ChatPiece piece : stream) {
                    give(piece.parts(), piece.choices());
                }
                ChatReply reply = stream.result();
                ObjectNode stats = stats(reply.generation());
                stats.put("dropped", reply.droppedMessages());
                ArrayNode warnings = stats.putArray("warnings");
                reply.warnings().forEach(warnings::add);
                return stats;
            }
        }

        /** Continues a text as it stands, or an answer that has begun. */
        ObjectNode text(GenerationOptions options) {
            int[] begun = Begun.tokens(ask, model.tokenizer());
            if (ask.plain()) {
                String content = ask.messages().getFirst().content();
                int[] prompt = model.tokenizer().encode(content, true, false);
                return text(options, prompt, begun, null);
            }
            ChatRequest request = request(options);
            return text(
                    options.withControlText(model.chatTemplate().isPresent()),
                    model.promptTokens(request),
                    begun,
                    Begun.parser(model, model.render(request)));
        }

        private static int[] joined(int[] left, int[] right) {
            int[] all = Arrays.copyOf(left, left.length + right.length);
            System.arraycopy(right, 0, all, left.length, right.length);
            return all;
        }

        private ObjectNode text(
                GenerationOptions options,
                int[] prompt,
                int[] begun,
                @Nullable AnswerParser parser) {
            String text = Begun.text(begun, model.tokenizer().vocabulary());
            List<AnswerPart> read = parts(text, parser);
            whole.append(content(read));
            try (TextStream stream = model.stream(joined(prompt, begun), options)) {
                stop.with(stream::cancel);
                if (ask.shown() != null) {
                    listener.piece(
                            content(read),
                            reasoning(read),
                            ask.begun(),
                            ask.tokens() ? ask.shown() : null);
                }
                for (TextPiece piece : stream.pieces()) {
                    give(parts(piece.text(), parser), piece.choices());
                }
                if (parser != null) {
                    give(parser.finish(), List.of());
                }
                return stats(stream.result());
            }
        }

        private static List<AnswerPart> parts(String text, @Nullable AnswerParser parser) {
            if (parser != null) {
                return parser.next(text);
            }
            return text.isEmpty() ? List.of() : List.of(new AnswerPart.Content(text));
        }

        private void give(List<AnswerPart> parts, List<TokenChoice> choices) {
            if (first == 0) {
                first = System.nanoTime();
            }
            if (parts.isEmpty() && choices.isEmpty()) {
                return;
            }
            ArrayNode ids = Json.array();
            choices.forEach(choice -> ids.add(choice.token()));
            ArrayNode tokens =
                    ask.tokens() ? TokenProbabilities.of(choices, model.tokenizer()) : null;
            String content = content(parts);
            whole.append(content);
            listener.piece(content, reasoning(parts), ids, tokens);
        }

        /** No passage was found: no model is asked, and the answer says so. */
        ObjectNode nothingFound() {
            if (!ask.continues()) {
                ArrayNode tokens = ask.tokens() ? Json.array() : null;
                listener.piece(Grounding.NOT_FOUND, "", Json.array(), tokens);
            }
            return Json.object();
        }

        private static String content(List<AnswerPart> parts) {
            StringBuilder text = new StringBuilder();
            for (AnswerPart part : parts) {
                if (part instanceof AnswerPart.Content(String content)) {
                    text.append(content);
                }
            }
            return text.toString();
        }

        private static String reasoning(List<AnswerPart> parts) {
            StringBuilder text = new StringBuilder();
            for (AnswerPart part : parts) {
                if (part instanceof AnswerPart.Reasoning(String reasoning)) {
                    text.append(reasoning);
                }
            }
            return text.toString();
        }

        private ObjectNode stats(Generation generation) {
            finish = generation.finishReason().name().toLowerCase(Locale.ROOT);
            ObjectNode stats = Json.object();
            stats.put("promptTokens", generation.usage().promptTokens());
            stats.put("cachedTokens", generation.usage().cachedTokens());
            stats.put("tokens", generation.usage().completionTokens());
            stats.put("promptMs", generation.timings().promptMillis());
            stats.put("firstMs", first == 0 ? 0 : (first - start) / 1e6);
            stats.put("decodeMs", generation.timings().generationMillis());
            stats.put("promptPerSecond", generation.timings().promptPerSecond());
            stats.put("tokensPerSecond", generation.timings().generatedPerSecond());
            stats.put("shifted", generation.shifted());
            return stats;
        }
    }
}
