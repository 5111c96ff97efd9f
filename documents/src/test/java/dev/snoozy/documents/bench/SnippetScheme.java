package dev.snoozy.documents.bench;

import dev.snoozy.documents.index.Embedder;
import dev.snoozy.documents.index.SearchRequest.Method;

import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.LowerCaseFilter;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.Tokenizer;
import org.apache.lucene.analysis.en.EnglishAnalyzer;
import org.apache.lucene.analysis.en.PorterStemFilter;
import org.apache.lucene.analysis.standard.StandardTokenizer;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.PhraseQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.store.ByteBuffersDirectory;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The search of GPT4All's LocalDocs, built again for comparison: words put together until there are
 * 512 characters, no overlap. By words: Porter's stems, BM25 of the exact phrase if it occurs, else
 * of any word that is no stop word. By vectors: all compared with the question. Both: the best
 * three of each, fused by reciprocal rank with a weight that depends on the question's length.
 */
final class SnippetScheme implements AutoCloseable {
    /** As many as LocalDocs puts into a prompt. */
    static final int SHOWN = 3;

    private static final int CHARACTERS = 512;
    private static final int RANK_CONSTANT = 60;

    private static final double PHRASE_WEIGHT = 0.9;
    private static final double MOST_WEIGHT = 0.75;
    private static final double LEAST_WEIGHT = 0.25;

    /** From so many words on, a question is searched mostly by its vector. */
    private static final int LONG_QUESTION = 10;

    private final ByteBuffersDirectory directory = new ByteBuffersDirectory();
    private final DirectoryReader reader;
    private final Embedder embedder;
    private final List<String> snippets = new ArrayList<>();
    private final List<float[]> vectors;

    SnippetScheme(List<String> texts, Embedder embedder) throws IOException {
        this.embedder = embedder;
        texts.forEach(text -> snippets.addAll(snippets(text)));
        vectors = embedder.passages(snippets);
        try (IndexWriter writer = new IndexWriter(directory, new IndexWriterConfig(stems()))) {
            for (int i = 0; i < snippets.size(); i++) {
                Document document = new Document();
                document.add(new TextField("text", snippets.get(i), Field.Store.NO));
                document.add(new StoredField("number", i));
                writer.addDocument(document);
            }
        }
        reader = DirectoryReader.open(directory);
    }

    private static Analyzer stems() {
        return new Analyzer() {
            @Override
            protected TokenStreamComponents createComponents(String field) {
                Tokenizer words = new StandardTokenizer();
                return new TokenStreamComponents(
                        words, new PorterStemFilter(new LowerCaseFilter(words)));
            }
        };
    }

    private static List<String> snippets(String text) {
        List<String> snippets = new ArrayList<>();
        StringBuilder snippet = new StringBuilder();
        for (String word : text.strip().split("\\s+")) {
            if (snippet.length() + 1 + word.length() > CHARACTERS && !snippet.isEmpty()) {
                snippets.add(snippet.toString());
                snippet.setLength(0);
            }
            snippet.append(snippet.isEmpty() ? "" : " ").append(word);
        }
        if (!snippet.isEmpty()) {
            snippets.add(snippet.toString());
        }
        return snippets;
    }

    /** The snippets of a question, the best first. */
    List<String> find(String question, Method method) throws IOException {
        Found byWords = method == Method.VECTORS ? new Found(List.of(), 0) : byWords(question);
        List<Integer> byVectors = method == Method.WORDS ? List.of() : byVectors(question);
        Map<Integer, Double> scores = new HashMap<>();
        addRanks(scores, byWords.snippets(), byWords.weight());
        addRanks(scores, byVectors, 1 - byWords.weight());
        return scores.entrySet().stream()
                .sorted(
                        Map.Entry.<Integer, Double>comparingByValue()
                                .reversed()
                                .thenComparing(Map.Entry.comparingByKey()))
                .limit(SHOWN)
                .map(entry -> snippets.get(entry.getKey()))
                .toList();
    }

    private static void addRanks(Map<Integer, Double> scores, List<Integer> found, double weight) {
        for (int rank = 0; rank < found.size(); rank++) {
            scores.merge(found.get(rank), weight / (RANK_CONSTANT + rank + 1), Double::sum);
        }
    }

    /** What a search by words found, and what it is worth beside one by vectors. */
    private record Found(List<Integer> snippets, double weight) {}

    private Found byWords(String question) throws IOException {
        List<String> terms = new ArrayList<>();
        List<String> some = new ArrayList<>();
        try (TokenStream stream = stems().tokenStream("text", question)) {
            CharTermAttribute term = stream.addAttribute(CharTermAttribute.class);
            stream.reset();
            while (stream.incrementToken()) {
                terms.add(term.toString());
                if (!EnglishAnalyzer.getDefaultStopSet().contains(term.toString())) {
                    some.add(term.toString());
                }
            }
            stream.end();
        }
        List<Integer> found = top(new PhraseQuery("text", terms.toArray(String[]::new)));
        if (!found.isEmpty()) {
            return new Found(found, PHRASE_WEIGHT);
        }
        BooleanQuery.Builder any = new BooleanQuery.Builder();
        some.stream()
                .distinct()
                .forEach(t -> any.add(new TermQuery(new Term("text", t)), Occur.SHOULD));
        double length = Math.min(1, (terms.size() - 1.0) / (LONG_QUESTION - 1));
        double weight = MOST_WEIGHT - (MOST_WEIGHT - LEAST_WEIGHT) * length;
        return new Found(top(any.build()), weight);
    }

    private List<Integer> top(Query query) throws IOException {
        IndexSearcher searcher = new IndexSearcher(reader);
        List<Integer> numbers = new ArrayList<>();
        for (ScoreDoc one : searcher.search(query, SHOWN).scoreDocs) {
            Document document = searcher.storedFields().document(one.doc);
            numbers.add(document.getField("number").numericValue().intValue());
        }
        return numbers;
    }

    private List<Integer> byVectors(String question) {
        float[] wanted = embedder.question(question);
        double[] scores = new double[snippets.size()];
        for (int i = 0; i < scores.length; i++) {
            for (int d = 0; d < wanted.length; d++) {
                scores[i] += wanted[d] * vectors.get(i)[d];
            }
        }
        return IntStream.range(0, scores.length)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer i) -> -scores[i]))
                .limit(SHOWN)
                .toList();
    }

    @Override
    public void close() throws IOException {
        reader.close();
        directory.close();
    }
}
