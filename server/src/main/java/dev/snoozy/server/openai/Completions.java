package dev.snoozy.server.openai;

import dev.snoozy.engine.FinishReason;
import dev.snoozy.engine.Generation;
import dev.snoozy.engine.GenerationOptions;
import dev.snoozy.engine.LanguageModel;
import dev.snoozy.engine.ModelException;
import dev.snoozy.engine.TextPiece;
import dev.snoozy.engine.TextStream;
import dev.snoozy.engine.TokenUsage;
import dev.snoozy.server.generate.Generations;
import dev.snoozy.server.generate.Prompts;
import dev.snoozy.server.generate.Seeds;
import dev.snoozy.server.generate.Service;
import dev.snoozy.server.generate.TextFields;
import dev.snoozy.server.generate.TimingsJson;
import dev.snoozy.server.generate.TokenJson;
import dev.snoozy.server.http.EventStream;
import dev.snoozy.server.http.Exchange;
import dev.snoozy.server.http.Fields;
import dev.snoozy.server.http.HttpProblem;
import dev.snoozy.server.http.Json;
import dev.snoozy.server.models.ModelPool;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** {@code POST /v1/completions}: text continued, for several prompts at once. */
final class Completions {
    private static final int MOST_ANSWERS = 16;
    private static final int MOST_LOGPROBS = 20;
    private static final int MOST_STREAMS = 2048;

    private final Service service;

    Completions(Service service) {
        this.service = service;
    }

    void handle(Exchange exchange) {
        Fields fields = exchange.fields();
        String name = fields.string("model").orElse("");
        try (ModelPool.Lease lease = service.pool().use(name)) {
            LanguageModel model = Service.writer(lease);
            Ask ask = Generations.asked(() -> Ask.read(fields, model, service));
            Answer answer = new Answer(ask, model, name.isEmpty() ? lease.name() : name);
            int count = ask.prompts().size() * ask.count();
            List<TextStream> streams = Generations.begin(count, i -> ask.begin(model, i));
            Envelope.answer(
                    exchange,
                    streams,
                    ask.stream(),
                    events -> answer.stream(events, streams),
                    answer::whole);
        }
    }

    /**
     * What is asked for.
     *
     * @param count answers to each prompt
     * @param logprobs whether tokens are reported with their probabilities
     */
    private record Ask(
            List<int[]> prompts,
            GenerationOptions options,
            int count,
            boolean stream,
            boolean includeUsage,
            boolean echo,
            boolean logprobs) {

        static Ask read(Fields fields, LanguageModel model, Service service) {
            int count = fields.integer("n", 1, MOST_ANSWERS, 1);
            fields.refuse("suffix", "there is no filling in the middle");
            if (fields.integer("best_of", 1, MOST_ANSWERS, count) != count) {
                throw HttpProblem.unsupported("best_of", "expected as many as n");
            }
            OptionalInt logprobs = logprobs(fields);
            boolean echo = fields.bool("echo", false);
            boolean stream = fields.bool("stream", false);
            if (stream && echo && logprobs.isPresent()) {
                throw HttpProblem.unsupported(
                        "echo with logprobs in a stream", "ask without stream");
            }
            GenerationOptions options =
                    TextFields.options(fields, service.generation(), model)
                            .withAlternatives(logprobs.orElse(0))
                            .withPromptLogprobs(echo && logprobs.isPresent());
            List<int[]> prompts = Prompts.read(fields, "prompt", model.tokenizer(), true);
            if (prompts.size() * count > MOST_STREAMS) {
                throw fields.invalid("n", "expected at most " + MOST_STREAMS + " answers in all");
            }
            return new Ask(
                    prompts,
                    options,
                    count,
                    stream,
                    fields.fields("stream_options")
                            .map(given -> given.bool("include_usage", false))
                            .orElse(false),
                    echo,
                    logprobs.isPresent());
        }

        /** A number of alternatives; some clients say true for one. */
        private static OptionalInt logprobs(Fields fields) {
            Optional<JsonNode> node = fields.any("logprobs");
            if (node.isPresent() && node.get().isBoolean()) {
                return node.get().booleanValue() ? OptionalInt.of(1) : OptionalInt.empty();
            }
            return fields.integer("logprobs", 0, MOST_LOGPROBS);
        }

        TextStream begin(LanguageModel model, int index) {
            return model.stream(
                    prompts.get(index / count),
                    options.withSampling(Seeds.of(options.sampling(), index % count)));
        }
    }

    private static final class Answer {
        private final Ask ask;
        private final LanguageModel model;
        private final Envelope envelope;

        Answer(Ask ask, LanguageModel model, String modelName) {
            this.ask = ask;
            this.model = model;
            this.envelope = Envelope.of("cmpl", modelName);
        }

        ObjectNode whole(List<TextStream> streams) {
            List<Generation> results = new ArrayList<>();
            for (TextStream stream : streams) {
                try {
                    results.add(Generations.noted(stream.result()));
                } catch (ModelException e) {
                    throw Generations.failed(e);
                }
            }
            ObjectNode node = envelope.node("text_completion");
            ArrayNode choices = node.putArray("choices");
            for (Generation result : results) {
                choices.add(whole(result, choices.size()));
            }
            node.set("usage", usage(results));
            node.set("timings", TimingsJson.of(results.getFirst()));
            return node;
        }

        private ObjectNode whole(Generation result, int index) {
            String before = ask.echo() ? promptText(index) : "";
            ObjectNode logprobs = null;
            if (ask.logprobs()) {
                LegacyLogprobs list = new LegacyLogprobs(model.tokenizer(), 0);
                logprobs = (ask.echo() ? list.prompt(result) : list).add(result.choices()).node();
            }
            return choice(index, before + result.text(), logprobs, result.finishReason());
        }

        private String promptText(int index) {
            return model.tokenizer().decode(ask.prompts().get(index / ask.count()));
        }

        private static ObjectNode choice(
                int index,
                String text,
                @Nullable ObjectNode logprobs,
                @Nullable FinishReason reason) {
            ObjectNode choice = Json.object();
            choice.put("text", text);
            choice.put("index", index);
            choice.set("logprobs", logprobs);
            choice.put("finish_reason", reason == null ? null : Envelope.reason(reason));
            return choice;
        }

        /** The prompts are counted once each, however many answers they get. */
        private ObjectNode usage(List<Generation> results) {
            int prompt = 0;
            int cached = 0;
            int completion = 0;
            for (int i = 0; i < results.size(); i++) {
                TokenUsage one = results.get(i).usage();
                prompt += i % ask.count() == 0 ? one.promptTokens() : 0;
                cached += i % ask.count() == 0 ? one.cachedTokens() : 0;
                completion += one.completionTokens();
            }
            return TokenJson.usage(List.of(new TokenUsage(prompt, cached, completion)));
        }

        void stream(EventStream events, List<TextStream> streams) {
            Generation[] results = new Generation[streams.size()];
            Generations.readAll(
                    streams, (stream, index) -> results[index] = streamOne(events, stream, index));
            if (ask.includeUsage()) {
                ObjectNode last = envelope.node("text_completion");
                last.putArray("choices");
                last.set("usage", usage(List.of(results)));
                send(events, last);
            }
        }

        private Generation streamOne(EventStream events, TextStream stream, int index) {
            int offset = 0;
            if (ask.echo()) {
                String prompt = promptText(index);
                send(events, chunk(choice(index, prompt, null, null)));
                offset = prompt.length();
            }
            for (TextPiece piece : stream.pieces()) {
                ObjectNode logprobs = null;
                if (ask.logprobs()) {
                    LegacyLogprobs list = new LegacyLogprobs(model.tokenizer(), offset);
                    logprobs = list.add(piece.choices()).node();
                    offset = list.offset();
                }
                send(events, chunk(choice(index, piece.text(), logprobs, null)));
            }
            Generation result = Generations.noted(stream.result());
            ObjectNode last = chunk(choice(index, "", null, result.finishReason()));
            if (index == 0) {
                last.set("timings", TimingsJson.of(result));
            }
            send(events, last);
            return result;
        }

        private ObjectNode chunk(ObjectNode choice) {
            ObjectNode node = envelope.node("text_completion");
            node.putArray("choices").add(choice);
            if (ask.includeUsage()) {
                node.putNull("usage");
            }
            return node;
        }

        private synchronized void send(EventStream events, ObjectNode chunk) {
            events.data(chunk);
        }
    }
}
