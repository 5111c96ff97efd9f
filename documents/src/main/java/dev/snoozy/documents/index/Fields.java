package dev.snoozy.documents.index;

import dev.snoozy.documents.extract.FileKinds;
import dev.snoozy.format.Sha256;

import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.List;

/**
 * How files and chunks lie in the index. A file is a document of its own, followed by those of its
 * chunks; all of them are written at once and have the path of the file.
 */
final class Fields {
    /** Of files and chunks. */
    static final String PATH = "path";

    /** Of files only. */
    static final String ENTRY = "entry";

    static final String MODIFIED = "modified";
    static final String ENDING = "ending";
    static final String TITLE = "title";
    static final String TEXT = "text";

    /** A field of words for each language: their statistics must not mix. */
    static final String BODY = "body_";

    static final String HEAD = "head_";

    private static final String HEADINGS = "headings";
    private static final String ORDINAL = "ordinal";
    private static final String PAGE = "page";
    private static final String LINE = "line";
    private static final String LAST_LINE = "last_line";
    private static final String STATUS = "status";
    private static final String MESSAGE = "message";
    private static final String TYPE = "type";
    private static final String BYTES = "bytes";
    private static final String TIME = "time";
    private static final String CHUNKS = "chunks";
    private static final String HASH = "hash";
    private static final String EMBEDDER = "embedder";
    private static final char SEPARATOR = '\u001f';

    private Fields() {}

    /** The field of an embedder's vectors: those of different embedders do not compare. */
    static String vectors(String embedder) {
        return "vector_" + Sha256.of(embedder).substring(0, 16);
    }

    static Document of(FileState file) {
        Document document = new Document();
        String path = file.path().toString();
        document.add(new StringField(ENTRY, path, Field.Store.YES));
        document.add(new StringField(PATH, path, Field.Store.NO));
        document.add(new NumericDocValuesField(MODIFIED, file.modified()));
        document.add(new StoredField(TIME, file.modified()));
        document.add(new StoredField(STATUS, file.status().name()));
        document.add(new StoredField(MESSAGE, file.message()));
        document.add(new StoredField(TYPE, file.type()));
        document.add(new StoredField(TITLE, file.title()));
        document.add(new StoredField(BYTES, file.bytes()));
        document.add(new StoredField(CHUNKS, file.chunks()));
        document.add(new StoredField(HASH, file.hash()));
        document.add(new StoredField(EMBEDDER, file.embedder()));
        return document;
    }

    static FileState file(Document document) {
        return new FileState(
                Path.of(text(document, ENTRY)),
                FileState.Status.valueOf(text(document, STATUS)),
                text(document, MESSAGE),
                text(document, TYPE),
                text(document, TITLE),
                number(document, BYTES),
                number(document, TIME),
                (int) number(document, CHUNKS),
                text(document, HASH),
                text(document, EMBEDDER));
    }

    static Document of(FileState file, Chunk chunk, String language, float @Nullable [] vector) {
        Document document = new Document();
        document.add(new StringField(PATH, file.path().toString(), Field.Store.YES));
        String name = String.valueOf(file.path().getFileName());
        document.add(new StringField(ENDING, FileKinds.ending(name), Field.Store.NO));
        document.add(new NumericDocValuesField(MODIFIED, file.modified()));
        document.add(new StoredField(TITLE, file.title()));
        document.add(new StoredField(TEXT, chunk.text()));
        document.add(new StoredField(HEADINGS, String.join("" + SEPARATOR, chunk.headings())));
        document.add(new StoredField(ORDINAL, chunk.ordinal()));
        document.add(new StoredField(PAGE, chunk.page()));
        document.add(new StoredField(LINE, chunk.line()));
        document.add(new StoredField(LAST_LINE, chunk.lastLine()));
        document.add(new TextField(BODY + language, chunk.text(), Field.Store.NO));
        document.add(new TextField(HEAD + language, head(file, chunk), Field.Store.NO));
        if (vector != null) {
            document.add(
                    new KnnFloatVectorField(
                            vectors(file.embedder()),
                            vector,
                            VectorSimilarityFunction.DOT_PRODUCT));
        }
        return document;
    }

    /** What stands above a passage: name of the file, title, headings. */
    static String head(FileState file, Chunk chunk) {
        String name = String.valueOf(file.path().getFileName());
        int dot = name.lastIndexOf('.');
        String words = (dot > 0 ? name.substring(0, dot) : name).replaceAll("[_\\-.]+", " ");
        return words + "\n" + file.title() + "\n" + String.join("\n", chunk.headings());
    }

    static Chunk chunk(Document document) {
        String headings = text(document, HEADINGS);
        return new Chunk(
                (int) number(document, ORDINAL),
                text(document, TEXT),
                headings.isEmpty() ? List.of() : List.of(headings.split("" + SEPARATOR)),
                (int) number(document, PAGE),
                (int) number(document, LINE),
                (int) number(document, LAST_LINE));
    }

    static String text(Document document, String field) {
        String value = document.get(field);
        return value == null ? "" : value;
    }

    private static long number(Document document, String field) {
        var value = document.getField(field);
        Number number = value == null ? null : value.numericValue();
        return number == null ? 0 : number.longValue();
    }
}
