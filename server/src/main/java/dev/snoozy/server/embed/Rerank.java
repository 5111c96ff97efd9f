package dev.snoozy.server.embed;

import dev.snoozy.engine.EmbeddingModel;
import dev.snoozy.engine.EmbeddingOptions;
import dev.snoozy.engine.ModelException;
import dev.snoozy.engine.TextKind;
import dev.snoozy.server.generate.Service;
import dev.snoozy.server.http.Exchange;
import dev.snoozy.server.http.Fields;
import dev.snoozy.server.http.HttpProblem;
import dev.snoozy.server.http.HttpProblem.Kind;
import dev.snoozy.server.http.Json;
import dev.snoozy.server.models.ModelPool;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * {@code POST /v1/rerank}: how well documents answer a query. Jina's shape names them {@code
 * documents} and gets an object; that of text-embeddings-inference names them {@code texts} and
 * gets an array. A model that judges pairs does so; one that makes embeddings compares them, and
 * the answer says that.
 */
final class Rerank {
    private static final int MOST_DOCUMENTS = 1000;

    private final Service service;

    Rerank(Service service) {
        this.service = service;
    }

    /**
     * What is asked for.
     *
     * @param bare whether the answer is a bare array
     * @param showTexts whether it repeats the documents
     * @param rawScores whether a judge's logits are shown as they are
     */
    private record Ask(
            String query,
            List<String> documents,
            int most,
            boolean bare,
            boolean showTexts,
            boolean rawScores) {

        static Ask read(Fields fields) {
            String query = fields.requiredString("query");
            if (query.isEmpty()) {
                throw fields.invalid("query", "expected a text, found an empty one");
            }
            boolean bare = fields.has("texts");
            if (bare && fields.has("documents")) {
                throw fields.invalid("texts", "expected either documents or texts, found both");
            }
            Embedders.refuseTruncation(fields);
            List<String> documents = documents(fields, bare ? "texts" : "documents");
            return new Ask(
                    query,
                    documents,
                    fields.integer("top_n", 1, Integer.MAX_VALUE, documents.size()),
                    bare,
                    fields.bool(bare ? "return_text" : "return_documents", false),
                    fields.bool("raw_scores", !bare));
        }

        private static List<String> documents(Fields fields, String name) {
            if (!fields.has(name)) {
                throw fields.missing(name);
            }
            List<String> documents = new ArrayList<>();
            for (JsonNode node : fields.array(name, MOST_DOCUMENTS).orElseThrow()) {
                JsonNode text = node.isObject() ? node.path("text") : node;
                if (!text.isString() || text.stringValue().isEmpty()) {
                    throw fields.invalid(
                            name + "[" + documents.size() + "]",
                            "expected a text that is not empty, or an object with a field text");
                }
                documents.add(text.stringValue());
            }
            if (documents.isEmpty()) {
                throw fields.invalid(name, "expected at least one document, found none");
            }
            return documents;
        }
    }

    /**
     * What a model says.
     *
     * @param tokens that it has read
     * @param warning what was not as one might think, or ""
     */
    private record Verdict(double[] scores, int tokens, String warning) {}

    void handle(Exchange exchange) {
        Fields fields = exchange.fields();
        String name = fields.string("model").orElse("");
        Ask ask = Ask.read(fields);
        try (ModelPool.Lease lease = service.pool().use(name)) {
            EmbeddingModel model = Embedders.of(lease);
            Verdict verdict =
                    switch (model.pooling()) {
                        case RANK -> judge(model, ask);
                        case MEAN, CLS, LAST -> compare(model, ask);
                        case NONE ->
                                throw new HttpProblem(
                                        Kind.NOT_SUPPORTED,
                                        "the server was started with --pooling none, which makes no"
                                                + " vector of a text; cure: another --pooling");
                    };
            exchange.json(
                    ask.bare()
                            ? results(ask, verdict)
                            : jina(ask, verdict, name.isEmpty() ? lease.name() : name));
        }
    }

    private static Verdict judge(EmbeddingModel model, Ask ask) {
        int tokens = 0;
        for (int i = 0; i < ask.documents().size(); i++) {
            int[] pair = model.pair(ask.query(), ask.documents().get(i));
            EmbeddingInput.require(
                    pair, i, ask.documents().size(), "documents", model.contextLength());
            tokens += pair.length;
        }
        float[] logits = Embedders.compute(() -> model.rank(ask.query(), ask.documents()));
        double[] scores = new double[logits.length];
        for (int i = 0; i < scores.length; i++) {
            scores[i] = ask.rawScores() ? logits[i] : 1 / (1 + Math.exp(-logits[i]));
        }
        return new Verdict(scores, tokens, "");
    }

    /** Cosines, of texts with the words before them that the model's family wants, if known. */
    private static Verdict compare(EmbeddingModel model, Ask ask) {
        List<int[]> texts = new ArrayList<>();
        texts.add(tokens(model, ask.query(), TextKind.QUERY));
        for (String document : ask.documents()) {
            texts.add(tokens(model, document, TextKind.DOCUMENT));
        }
        EmbeddingInput.require(texts.getFirst(), 0, 1, "query", model.contextLength());
        for (int i = 1; i < texts.size(); i++) {
            EmbeddingInput.require(
                    texts.get(i), i - 1, texts.size(), "documents", model.contextLength());
        }
        List<float[]> vectors =
                Embedders.compute(() -> model.embedTokens(texts, EmbeddingOptions.defaults()));
        double[] scores = new double[ask.documents().size()];
        for (int i = 0; i < scores.length; i++) {
            float[] query = vectors.getFirst();
            float[] document = vectors.get(i + 1);
            for (int k = 0; k < query.length; k++) {
                scores[i] += (double) query[k] * document[k];
            }
        }
        return new Verdict(
                scores,
                texts.stream().mapToInt(text -> text.length).sum(),
                "the model judges no pairs: scores are cosines of embeddings, from -1 to 1");
    }

    private static int[] tokens(EmbeddingModel model, String text, TextKind kind) {
        try {
            return model.tokens(text, kind);
        } catch (ModelException e) {
            return model.tokens(text, TextKind.NONE);
        }
    }

    private static ObjectNode jina(Ask ask, Verdict verdict, String name) {
        ObjectNode answer = Json.object();
        answer.put("model", name);
        answer.put("object", "list");
        answer.putObject("usage")
                .put("prompt_tokens", verdict.tokens())
                .put("total_tokens", verdict.tokens());
        answer.set("results", results(ask, verdict));
        if (!verdict.warning().isEmpty()) {
            answer.put("warning", verdict.warning());
        }
        return answer;
    }

    /** The best first; equal ones in the order in which they came. */
    private static ArrayNode results(Ask ask, Verdict verdict) {
        ArrayNode results = Json.array();
        IntStream.range(0, ask.documents().size())
                .boxed()
                .sorted(Comparator.comparingDouble((Integer i) -> -verdict.scores()[i]))
                .limit(ask.most())
                .forEach(i -> {
                    ObjectNode node = results.addObject();
                    node.put("index", i);
                    node.put(ask.bare() ? "score" : "relevance_score", verdict.scores()[i]);
                    if (ask.showTexts() && ask.bare()) {
                        node.put("text", ask.documents().get(i));
                    } else if (ask.showTexts()) {
                        node.putObject("document").put("text", ask.documents().get(i));
                    }
                });
        return results;
    }
}
