package dev.snoozy.documents.bench;

import dev.snoozy.documents.index.SearchRequest;

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
import java.util.List;

/**
 * The word search of GPT4All's LocalDocs, built again for comparison: words put together until
 * there are 512 characters, no overlap, Porter's stems, BM25 of the exact phrase if it occurs, else
 * of any word that is no stop word.
 */
final class SnippetScheme implements AutoCloseable {
    /** As many as LocalDocs puts into a prompt. */
    static final int SHOWN = 3;

    private static final int CHARACTERS = 512;

    private final ByteBuffersDirectory directory = new ByteBuffersDirectory();
    private final DirectoryReader reader;

    SnippetScheme(List<String> texts) throws IOException {
        try (IndexWriter writer = new IndexWriter(directory, new IndexWriterConfig(stems()))) {
            for (String text : texts) {
                for (String snippet : snippets(text)) {
                    Document document = new Document();
                    document.add(new TextField("text", snippet, Field.Store.YES));
                    writer.addDocument(document);
                }
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
    List<String> find(SearchRequest request) throws IOException {
        List<String> terms = new ArrayList<>();
        List<String> some = new ArrayList<>();
        try (TokenStream stream = stems().tokenStream("text", request.question())) {
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
        IndexSearcher searcher = new IndexSearcher(reader);
        Query phrase = new PhraseQuery("text", terms.toArray(String[]::new));
        ScoreDoc[] found = searcher.search(phrase, request.count()).scoreDocs;
        if (found.length == 0) {
            BooleanQuery.Builder any = new BooleanQuery.Builder();
            some.stream()
                    .distinct()
                    .forEach(t -> any.add(new TermQuery(new Term("text", t)), Occur.SHOULD));
            found = searcher.search(any.build(), request.count()).scoreDocs;
        }
        List<String> texts = new ArrayList<>();
        for (ScoreDoc one : found) {
            texts.add(searcher.storedFields().document(one.doc).get("text"));
        }
        return texts;
    }

    @Override
    public void close() throws IOException {
        reader.close();
        directory.close();
    }
}
