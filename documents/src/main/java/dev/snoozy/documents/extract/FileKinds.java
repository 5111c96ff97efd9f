package dev.snoozy.documents.extract;

import dev.snoozy.documents.extract.TextReader.Dialect;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What the endings of file names say. */
public final class FileKinds {
    /** Formats that begin with certain bytes; a file of such a name that does not is broken. */
    enum Container {
        PDF,
        ZIP,
        OLE,
        RTF
    }

    private static final Map<String, Container> CONTAINERS = new HashMap<>();
    private static final Map<String, Dialect> DIALECTS = new HashMap<>();

    /** Formats that are neither, and that there is a parser for. */
    private static final Set<String> OTHERS =
            Set.of("html", "htm", "xhtml", "xml", "eml", "mbox", "fb2", "fodt", "svg");

    private static final Set<String> MEDIA =
            Set.of(
                    "jpg", "jpeg", "png", "gif", "bmp", "tif", "tiff", "webp", "emf", "wmf", "ico",
                    "mp3", "mp4", "wav", "ttf", "otf", "woff", "woff2");

    static {
        CONTAINERS.put("pdf", Container.PDF);
        CONTAINERS.put("rtf", Container.RTF);
        for (String zip :
                "docx docm dotx xlsx xlsm pptx pptm ppsx odt ods odp ott epub".split(" ")) {
            CONTAINERS.put(zip, Container.ZIP);
        }
        for (String ole : "doc xls ppt msg".split(" ")) {
            CONTAINERS.put(ole, Container.OLE);
        }
        put(Dialect.PLAIN, "txt text log json jsonl ndjson yaml yml toml ini cfg conf properties");
        put(Dialect.PLAIN, "srt vtt tex bib org adoc asciidoc");
        put(Dialect.MARKDOWN, "md markdown mdx");
        put(Dialect.RST, "rst rest");
        put(Dialect.TABLE, "csv tsv");
        put(Dialect.CODE, "java kt kts scala groovy py pyi rb pl php js mjs ts tsx jsx c h cc cpp");
        put(Dialect.CODE, "cxx hpp hh cs go rs swift m mm r jl lua sh bash zsh fish ps1 bat cmd");
        put(Dialect.CODE, "sql css scss less gradle cmake make mk dockerfile clj ex exs erl hs");
        put(Dialect.CODE, "ml mli fs vb pas asm s dart zig nim v proto graphql vue svelte el lisp");
    }

    private FileKinds() {}

    private static void put(Dialect dialect, String endings) {
        for (String ending : endings.split(" ")) {
            DIALECTS.put(ending, dialect);
        }
    }

    /** The ending of a file name, in lower case without the dot, or empty. */
    public static String ending(String name) {
        int dot = name.lastIndexOf('.');
        return dot < 0 ? "" : name.substring(dot + 1).toLowerCase(Locale.ROOT);
    }

    /** Whether the name of a file says that it can be read. */
    public static boolean isReadable(String name) {
        String ending = ending(name);
        return CONTAINERS.containsKey(ending)
                || DIALECTS.containsKey(ending)
                || OTHERS.contains(ending);
    }

    static Optional<Container> container(String ending) {
        return Optional.ofNullable(CONTAINERS.get(ending));
    }

    static Optional<Dialect> dialect(String ending) {
        return Optional.ofNullable(DIALECTS.get(ending));
    }

    static boolean isMedia(String ending) {
        return MEDIA.contains(ending);
    }

    static boolean hasParser(String ending) {
        return OTHERS.contains(ending);
    }
}
