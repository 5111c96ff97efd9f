package dev.snoozy.documents.index;

import dev.snoozy.documents.index.SearchRequest.Method;

import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.apache.lucene.analysis.tokenattributes.OffsetAttribute;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.index.FieldInfo;
import org.apache.lucene.index.FieldInfos;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.BoostQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.KnnFloatVectorQuery;
import org.apache.lucene.search.PhraseQuery;
import org.apache.lucene.search.PrefixQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.TopDocs;
import org.jspecify.annotations.Nullable;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;

/**
 * Finds passages: by words (BM25, Robertson and Zaragoza 2009), by vectors (HNSW, Malkov and
 * Yashunin 2016), and by reciprocal rank fusion of both (Cormack, Clarke and Büttcher 2009).
 */
final class Finder {
    /** The constant of the fusion, as its authors chose it. */
    private static final int RANK_CONSTANT = 60;

    /** So many passages of each kind are fused, and so many of those reranked. */
    private static final int LEAST_CANDIDATES = 100;

    private static final int RERANKED = 50;

    /** What a word is worth above a passage, beside one in it. */
    private static final float HEAD_BOOST = 0.4f;

    /** What two words of the question that follow each other are worth, beside one. */
    private static final float PAIR_BOOST = 0.4f;

    private final IndexSearcher searcher;
    private final SearchRequest request;
    private final Set<String> languages = new TreeSet<>();

    Finder(IndexSearcher searcher, SearchRequest request) {
        this.searcher = searcher;
        this.request = request;
        for (FieldInfo field : FieldInfos.getMergedFieldInfos(searcher.getIndexReader())) {
            if (field.name.startsWith(Fields.BODY)) {
                languages.add(field.name.substring(Fields.BODY.length()));
            }
        }
    }

    /** A passage on its way to becoming a hit. */
    private static final class Candidate {
        private final int document;
        private double score;
        private OptionalDouble similarity = OptionalDouble.empty();

        Candidate(int document) {
            this.document = document;
        }
    }

    List<Hit> find(Optional<Embedder> embedder, Optional<Reranker> reranker) throws IOException {
        int depth = Math.max(LEAST_CANDIDATES, request.count());
        Map<Integer, Candidate> candidates = new HashMap<>();
        boolean vectors = embedder.isPresent() && request.method() != Method.WORDS;
        boolean words = request.method() != Method.VECTORS;
        if (words) {
            ScoreDoc[] found = top(wordQuery(), depth);
            for (int rank = 0; rank < found.length; rank++) {
                double score = vectors ? 1.0 / (RANK_CONSTANT + rank + 1) : found[rank].score;
                candidate(candidates, found[rank].doc).score += score;
            }
        }
        if (vectors) {
            addByVectors(embedder.orElseThrow(), words, depth, candidates);
        }
        List<Hit> hits = new ArrayList<>();
        int wanted = reranker.isPresent() ? Math.max(RERANKED, request.count()) : request.count();
        for (Candidate candidate : best(candidates.values(), wanted)) {
            hits.add(hit(candidate));
        }
        // Of like passages, the order is that of names: it must not depend on how they were added.
        hits.sort(
                Comparator.comparingDouble(Hit::score)
                        .reversed()
                        .thenComparing(hit -> hit.file().toString())
                        .thenComparing(hit -> hit.chunk().ordinal()));
        List<Hit> best = reranker.isPresent() ? reranked(hits, reranker.get()) : hits;
        return best.subList(0, Math.min(best.size(), request.count())).stream()
                .map(this::highlighted)
                .toList();
    }

    private void addByVectors(
            Embedder embedder, boolean fused, int depth, Map<Integer, Candidate> candidates)
            throws IOException {
        float[] question = embedder.question(request.question());
        String field = Fields.vectors(embedder.id());
        Query query = new KnnFloatVectorQuery(field, question, depth, filter().orElse(null));
        ScoreDoc[] found = searcher.search(query, depth).scoreDocs;
        for (int rank = 0; rank < found.length; rank++) {
            Candidate candidate = candidate(candidates, found[rank].doc);
            double cosine = 2.0 * found[rank].score - 1; // as Lucene scores a dot product
            candidate.similarity = OptionalDouble.of(cosine);
            candidate.score += fused ? 1.0 / (RANK_CONSTANT + rank + 1) : cosine;
        }
    }

    /** The best of them, and all that are as good as the last: only their names are read. */
    private static List<Candidate> best(Collection<Candidate> candidates, int wanted) {
        List<Candidate> sorted = new ArrayList<>(candidates);
        sorted.sort(Comparator.comparingDouble((Candidate c) -> c.score).reversed());
        int end = Math.min(wanted, sorted.size());
        while (end > 0
                && end < sorted.size()
                && sorted.get(end).score == sorted.get(end - 1).score) {
            end++;
        }
        return sorted.subList(0, end);
    }

    private static Candidate candidate(Map<Integer, Candidate> candidates, int document) {
        return candidates.computeIfAbsent(document, Candidate::new);
    }

    private ScoreDoc[] top(@Nullable Query query, int depth) throws IOException {
        if (query == null) {
            return new ScoreDoc[0];
        }
        TopDocs found = searcher.search(query, depth);
        return found.scoreDocs;
    }

    private @Nullable Query wordQuery() throws IOException {
        BooleanQuery.Builder any = new BooleanQuery.Builder();
        boolean some = false;
        for (String language : languages) {
            List<String> terms = terms(language);
            some |= !terms.isEmpty();
            String body = Fields.BODY + language;
            for (String term : new LinkedHashSet<>(terms)) {
                any.add(new TermQuery(new Term(body, term)), Occur.SHOULD);
                Query head = new TermQuery(new Term(Fields.HEAD + language, term));
                any.add(new BoostQuery(head, HEAD_BOOST), Occur.SHOULD);
            }
            for (int i = 1; i < terms.size(); i++) {
                Query pair = new PhraseQuery(2, body, terms.get(i - 1), terms.get(i));
                any.add(new BoostQuery(pair, PAIR_BOOST), Occur.SHOULD);
            }
        }
        if (!some) {
            return null;
        }
        Optional<Query> filter = filter();
        if (filter.isEmpty()) {
            return any.build();
        }
        return new BooleanQuery.Builder()
                .add(any.build(), Occur.MUST)
                .add(filter.get(), Occur.FILTER)
                .build();
    }

    /** The words of the question as they are in the index; all of them if all are common ones. */
    private List<String> terms(String language) throws IOException {
        List<String> some = terms(Languages.withoutStopWords(language));
        return some.isEmpty() ? terms(Languages.analyzer(language)) : some;
    }

    private List<String> terms(Analyzer analyzer) throws IOException {
        List<String> terms = new ArrayList<>();
        try (TokenStream stream = analyzer.tokenStream(Fields.TEXT, request.question())) {
            CharTermAttribute term = stream.addAttribute(CharTermAttribute.class);
            stream.reset();
            // A question as long as a book is searched by its beginning.
            while (stream.incrementToken() && terms.size() < 200) {
                terms.add(term.toString());
            }
            stream.end();
        }
        return terms;
    }

    private Optional<Query> filter() {
        BooleanQuery.Builder all = new BooleanQuery.Builder();
        boolean some = false;
        if (!request.below().isEmpty()) {
            BooleanQuery.Builder places = new BooleanQuery.Builder();
            for (Path place : request.below()) {
                String path = place.toString();
                String inside = path.endsWith(File.separator) ? path : path + File.separator;
                places.add(new TermQuery(new Term(Fields.PATH, path)), Occur.SHOULD);
                places.add(new PrefixQuery(new Term(Fields.PATH, inside)), Occur.SHOULD);
            }
            all.add(places.build(), Occur.FILTER);
            some = true;
        }
        if (!request.endings().isEmpty()) {
            BooleanQuery.Builder kinds = new BooleanQuery.Builder();
            for (String ending : request.endings()) {
                String clean = ending.toLowerCase(Locale.ROOT).replaceFirst("^\\.", "");
                kinds.add(new TermQuery(new Term(Fields.ENDING, clean)), Occur.SHOULD);
            }
            all.add(kinds.build(), Occur.FILTER);
            some = true;
        }
        if (request.since().isPresent() || request.until().isPresent()) {
            long from = request.since().map(Instant::toEpochMilli).orElse(Long.MIN_VALUE);
            long to = request.until().map(Instant::toEpochMilli).orElse(Long.MAX_VALUE);
            all.add(
                    NumericDocValuesField.newSlowRangeQuery(Fields.MODIFIED, from, to),
                    Occur.FILTER);
            some = true;
        }
        return some ? Optional.of(all.build()) : Optional.empty();
    }

    private Hit hit(Candidate candidate) throws IOException {
        Document document = searcher.storedFields().document(candidate.document);
        return new Hit(
                Path.of(Fields.text(document, Fields.PATH)),
                Fields.text(document, Fields.TITLE),
                Fields.chunk(document),
                candidate.score,
                candidate.similarity,
                List.of());
    }

    private List<Hit> reranked(List<Hit> hits, Reranker reranker) {
        List<Hit> first =
                hits.subList(0, Math.min(hits.size(), Math.max(RERANKED, request.count())));
        float[] scores =
                reranker.judge(
                        request.question(), first.stream().map(h -> h.chunk().text()).toList());
        List<Hit> judged = new ArrayList<>();
        for (int i = 0; i < scores.length; i++) {
            Hit hit = first.get(i);
            judged.add(
                    new Hit(
                            hit.file(),
                            hit.title(),
                            hit.chunk(),
                            scores[i],
                            hit.similarity(),
                            List.of()));
        }
        judged.sort(Comparator.comparingDouble(Hit::score).reversed());
        return judged;
    }

    /** Marks the words of the question in a passage. */
    private Hit highlighted(Hit hit) {
        List<Hit.Span> spans = new ArrayList<>();
        String text = hit.chunk().text();
        String language = languages.size() == 1 ? languages.iterator().next() : Languages.of(text);
        try {
            Set<String> wanted = Set.copyOf(terms(language));
            try (TokenStream stream = Languages.analyzer(language).tokenStream(Fields.TEXT, text)) {
                CharTermAttribute term = stream.addAttribute(CharTermAttribute.class);
                OffsetAttribute place = stream.addAttribute(OffsetAttribute.class);
                stream.reset();
                while (stream.incrementToken()) {
                    if (wanted.contains(term.toString())) {
                        spans.add(new Hit.Span(place.startOffset(), place.endOffset()));
                    }
                }
                stream.end();
            }
        } catch (IOException e) {
            throw new DocumentsException("a passage cannot be read: " + e.getMessage(), e);
        }
        return new Hit(hit.file(), hit.title(), hit.chunk(), hit.score(), hit.similarity(), spans);
    }
}
