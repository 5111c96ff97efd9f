package dev.snoozy.studio.store;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Finds chats by their titles and messages by what they say. Thread-safe. */
public final class Search {
    /** The index knows sequences of three characters. */
    private static final int INDEXED_LENGTH = 3;

    private static final int MOST_TERMS = 16;

    private final Database database;

    public Search(Database database) {
        this.database = database;
    }

    /**
     * What was found.
     *
     * @param message the message, or null where the title was found
     * @param role who said it, or null
     * @param snippet a part of the text
     * @param marks where in the snippet the words stand: from, to, from, to, …
     */
    public record Hit(
            String chat,
            String title,
            @Nullable String message,
            @Nullable String role,
            String snippet,
            List<Integer> marks) {}

    /** The best hits for all the words of a query, titles first. */
    public List<Hit> find(String query, int limit) {
        List<String> terms =
                query.strip().isEmpty()
                        ? List.of()
                        : List.of(query.strip().split("\\s+")).stream().limit(MOST_TERMS).toList();
        if (terms.isEmpty()) {
            return List.of();
        }
        List<Hit> hits = new ArrayList<>(titles(terms, limit));
        if (hits.size() < limit) {
            hits.addAll(messages(terms, limit - hits.size()));
        }
        return hits;
    }

    private List<Hit> titles(List<String> terms, int limit) {
        StringBuilder sql = new StringBuilder("SELECT id, title FROM chats WHERE 1");
        List<Object> values = new ArrayList<>();
        for (String term : terms) {
            sql.append(" AND title LIKE ? ESCAPE '\\'");
            values.add(pattern(term));
        }
        sql.append(" ORDER BY updated DESC LIMIT ?");
        values.add(limit);
        return database.read(session ->
                session.list(
                        sql.toString(),
                        row -> {
                            Snippet snippet = Snippet.of(row.text("title"), terms);
                            return new Hit(
                                    row.text("id"),
                                    row.text("title"),
                                    null,
                                    null,
                                    snippet.text(),
                                    snippet.marks());
                        },
                        values.toArray()));
    }

    private List<Hit> messages(List<String> terms, int limit) {
        List<Object> values = new ArrayList<>();
        StringBuilder where = new StringBuilder();
        List<String> indexed =
                terms.stream().filter(term -> codePoints(term) >= INDEXED_LENGTH).toList();
        if (!indexed.isEmpty()) {
            where.append(" AND message_index MATCH ?");
            values.add(String.join(" ", indexed.stream().map(Search::quoted).toList()));
        }
        for (String term : terms) {
            if (codePoints(term) < INDEXED_LENGTH) {
                where.append(" AND m.content LIKE ? ESCAPE '\\'");
                values.add(pattern(term));
            }
        }
        values.add(limit);
        String sql =
                "SELECT m.id, m.chat, m.role, m.content, c.title FROM messages m JOIN chats c ON"
                        + " c.id = m.chat"
                        + (indexed.isEmpty()
                                ? ""
                                : " JOIN message_index ON message_index.rowid = m.number")
                        + " WHERE 1"
                        + where
                        + (indexed.isEmpty()
                                ? " ORDER BY m.number DESC"
                                : " ORDER BY message_index.rank, m.number DESC")
                        + " LIMIT ?";
        return database.read(session ->
                session.list(
                        sql,
                        row -> {
                            Snippet snippet = Snippet.of(row.text("content"), terms);
                            return new Hit(
                                    row.text("chat"),
                                    row.text("title"),
                                    row.text("id"),
                                    row.text("role"),
                                    snippet.text(),
                                    snippet.marks());
                        },
                        values.toArray()));
    }

    private static int codePoints(String term) {
        return term.codePointCount(0, term.length());
    }

    /** As a string of the query language, in which nothing has a meaning. */
    private static String quoted(String term) {
        return "\"" + term.replace("\"", "\"\"") + "\"";
    }

    private static String pattern(String term) {
        return "%" + term.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%";
    }

    /** The part of a text around the first word. */
    record Snippet(String text, List<Integer> marks) {
        private static final int BEFORE = 40;
        private static final int LENGTH = 160;

        static Snippet of(String whole, List<String> terms) {
            String lower = whole.toLowerCase(Locale.ROOT);
            if (lower.length() != whole.length()) {
                lower = whole; // of the few letters whose small form is longer
            }
            int first = whole.length();
            for (String term : terms) {
                int at = lower.indexOf(term.toLowerCase(Locale.ROOT));
                first = at >= 0 ? Math.min(first, at) : first;
            }
            int from = first == whole.length() ? 0 : Math.max(0, first - BEFORE);
            int to = Math.min(whole.length(), from + LENGTH);
            if (from > 0 && Character.isLowSurrogate(whole.charAt(from))) {
                from--;
            }
            if (to < whole.length() && Character.isLowSurrogate(whole.charAt(to))) {
                to--;
            }
            String text =
                    (from > 0 ? "…" : "")
                            + whole.substring(from, to).replaceAll("\\s", " ")
                            + (to < whole.length() ? "…" : "");
            return new Snippet(text, marks(text, terms));
        }

        private static List<Integer> marks(String text, List<String> terms) {
            String lower = text.toLowerCase(Locale.ROOT);
            if (lower.length() != text.length()) {
                lower = text;
            }
            boolean[] marked = new boolean[text.length() + 1];
            for (String term : terms) {
                String word = term.toLowerCase(Locale.ROOT);
                for (int at = lower.indexOf(word); at >= 0; at = lower.indexOf(word, at + 1)) {
                    for (int i = at; i < at + word.length(); i++) {
                        marked[i] = true;
                    }
                }
            }
            List<Integer> marks = new ArrayList<>();
            for (int i = 0; i <= text.length(); i++) {
                if (marked[i] != (i > 0 && marked[i - 1])) {
                    marks.add(i);
                }
            }
            return marks;
        }
    }
}
