package dev.snoozy.server.embed;

import dev.snoozy.engine.EmbeddingModel;
import dev.snoozy.engine.EmbeddingOptions;
import dev.snoozy.engine.Pooling;
import dev.snoozy.engine.TextKind;
import dev.snoozy.server.generate.Service;
import dev.snoozy.server.http.Exchange;
import dev.snoozy.server.http.Fields;
import dev.snoozy.server.http.HttpProblem;
import dev.snoozy.server.http.HttpProblem.Kind;
import dev.snoozy.server.http.Json;
import dev.snoozy.server.http.Routes;
import dev.snoozy.server.models.ModelPool;
import dev.snoozy.server.openai.OpenAiErrors;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;

/**
 * {@code POST /v1/embeddings} in OpenAI's shape, and {@code POST /embedding} in llama.cpp's, which
 * also shows the vectors of single tokens. The texts of a request are computed together.
 */
public final class Embeddings {
    private static final int MOST_DIMENSIONS = 1 << 20;

    private final Service service;

    private Embeddings(Service service) {
        this.service = service;
    }

    /** Adds the places for embeddings and reranking. */
    public static void addTo(Routes routes, Service service) {
        Embeddings embeddings = new Embeddings(service);
        routes.add("POST", "/v1/embeddings", OpenAiErrors::of, embeddings::openAi);
        for (String path : new String[] {"/embedding", "/embeddings"}) {
            routes.add("POST", path, OpenAiErrors::of, embeddings::plain);
        }
        Rerank rerank = new Rerank(service);
        for (String path : new String[] {"/v1/rerank", "/v1/reranking", "/rerank", "/reranking"}) {
            routes.add("POST", path, OpenAiErrors::of, rerank::handle);
        }
    }

    private void openAi(Exchange exchange) {
        Fields fields = exchange.fields();
        String name = fields.string("model").orElse("");
        VectorJson format = VectorJson.read(fields);
        try (ModelPool.Lease lease = service.pool().use(name)) {
            EmbeddingModel model = Embedders.vectors(lease);
            if (model.pooling() == Pooling.NONE) {
                throw new HttpProblem(
                        Kind.INVALID_REQUEST,
                        "the server was started with --pooling none, which gives a vector for each"
                                + " token; cure: /embedding shows those, or another --pooling");
            }
            EmbeddingOptions options = options(fields);
            List<int[]> texts = EmbeddingInput.read(fields, input(fields), model, options.kind());
            List<float[]> vectors = Embedders.compute(() -> model.embedTokens(texts, options));
            ObjectNode answer = Json.object();
            answer.put("object", "list");
            answer.put("model", name.isEmpty() ? lease.name() : name);
            ArrayNode data = answer.putArray("data");
            for (float[] vector : vectors) {
                ObjectNode one = data.addObject();
                one.put("object", "embedding");
                one.put("index", data.size() - 1);
                one.set("embedding", format.write(vector));
            }
            int tokens = texts.stream().mapToInt(text -> text.length).sum();
            answer.putObject("usage").put("prompt_tokens", tokens).put("total_tokens", tokens);
            exchange.json(answer);
        }
    }

    private static EmbeddingOptions options(Fields fields) {
        Embedders.refuseTruncation(fields);
        return EmbeddingOptions.defaults()
                .withKind(Embedders.kind(fields))
                .withDimensions(fields.integer("dimensions", 1, MOST_DIMENSIONS, 0));
    }

    /** llama.cpp takes both names. */
    private static String input(Fields fields) {
        return fields.has("input") || !fields.has("content") ? "input" : "content";
    }

    /** An array of objects, each with an array of vectors: one, or with pooling none many. */
    private void plain(Exchange exchange) {
        Fields fields = exchange.fields();
        VectorJson format = VectorJson.read(fields);
        try (ModelPool.Lease lease = service.pool().use(fields.string("model").orElse(""))) {
            EmbeddingModel model = Embedders.vectors(lease);
            EmbeddingOptions options = options(fields).withNormalize(normalizes(fields));
            TextKind kind = options.kind();
            List<int[]> texts = EmbeddingInput.read(fields, input(fields), model, kind);
            List<List<float[]>> vectors =
                    Embedders.compute(() ->
                            model.pooling() == Pooling.NONE
                                    ? model.tokenEmbeddings(texts)
                                    : model.embedTokens(texts, options).stream()
                                            .map(List::of)
                                            .toList());
            ArrayNode answer = Json.array();
            for (List<float[]> one : vectors) {
                ObjectNode node = answer.addObject();
                node.put("index", answer.size() - 1);
                node.set("embedding", format.write(one));
            }
            exchange.json(answer);
        }
    }

    /** 2 is the Euclidean length, which is what there is; -1 leaves vectors as they are. */
    private static boolean normalizes(Fields fields) {
        int norm = fields.integer("embd_normalize", -1, Integer.MAX_VALUE, 2);
        if (norm != 2 && norm != -1) {
            throw HttpProblem.unsupported(
                    "embd_normalize", "expected 2 (length 1) or -1 (as they are), found " + norm);
        }
        return norm == 2;
    }
}
