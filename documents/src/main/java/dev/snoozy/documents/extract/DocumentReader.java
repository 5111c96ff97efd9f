package dev.snoozy.documents.extract;

import dev.snoozy.documents.extract.ExtractionException.Reason;
import dev.snoozy.documents.extract.FileKinds.Container;
import dev.snoozy.documents.extract.TextReader.Dialect;

import org.apache.tika.config.TikaConfig;
import org.apache.tika.exception.EncryptedDocumentException;
import org.apache.tika.exception.TikaException;
import org.apache.tika.exception.ZeroByteFileException;
import org.apache.tika.extractor.DocumentSelector;
import org.apache.tika.io.TikaInputStream;
import org.apache.tika.metadata.Metadata;
import org.apache.tika.metadata.TikaCoreProperties;
import org.apache.tika.parser.AutoDetectParser;
import org.apache.tika.parser.ParseContext;
import org.apache.tika.parser.Parser;
import org.xml.sax.SAXException;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** Reads files of all kinds. Lives in the worker process; used by one thread. */
final class DocumentReader {
    private static final byte[] PDF = {'%', 'P', 'D', 'F', '-'};
    private static final byte[] ZIP = {'P', 'K', 3, 4};
    private static final byte[] OLE = {(byte) 0xD0, (byte) 0xCF, 0x11, (byte) 0xE0};
    private static final byte[] RTF = {'{', '\\', 'r', 't', 'f'};

    /** A PDF may have other bytes before its mark (PDF 32000, annex H, note 13). */
    private static final int HEAD = 1024;

    /** Words of fewer letters than this on average are torn apart; English has between 4 and 5. */
    private static final double TORN_APART = 2.5;

    private final AutoDetectParser usual;
    private final AutoDetectParser withoutSpaces;

    DocumentReader() throws IOException {
        usual = parser("true");
        withoutSpaces = parser("false");
    }

    /** The parsers, guessing the spaces of PDF by the distances of letters or not. */
    private static AutoDetectParser parser(String guessSpaces) throws IOException {
        String config;
        try (InputStream in = DocumentReader.class.getResourceAsStream("tika-config.xml")) {
            if (in == null) {
                throw new IOException("tika-config.xml is missing in the program");
            }
            config = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        byte[] bytes = config.replace("${spaces}", guessSpaces).getBytes(StandardCharsets.UTF_8);
        try {
            return new AutoDetectParser(new TikaConfig(new ByteArrayInputStream(bytes)));
        } catch (TikaException | SAXException e) {
            throw new IOException("the parsers cannot be set up: " + e.getMessage(), e);
        }
    }

    /** Reads a file. */
    ExtractedDocument read(Path file, int characters) throws ExtractionException {
        try {
            byte[] head = head(file);
            if (head.length == 0) {
                throw new ExtractionException(Reason.BROKEN, "the file is empty");
            }
            String ending = ending(file);
            Optional<Container> container = FileKinds.container(ending);
            if (container.isPresent()) {
                checkBeginning(head, container.get(), ending);
            }
            Optional<Dialect> dialect = FileKinds.dialect(ending);
            if (dialect.isPresent()) {
                return text(file, dialect.get(), characters);
            }
            if (container.isEmpty() && !FileKinds.hasParser(ending)) {
                return unknown(file, head, characters);
            }
            if (container.equals(Optional.of(Container.RTF)) && !starts(head, RTF)) {
                return loose(file, head, characters);
            }
            return container.equals(Optional.of(Container.ZIP)) && StrictPackage.is(file)
                    ? strict(file, ending, characters)
                    : parsed(file, characters);
        } catch (IOException e) {
            throw new ExtractionException(Reason.SYSTEM, "the file cannot be read: " + message(e));
        }
    }

    private static String ending(Path file) {
        return FileKinds.ending(String.valueOf(file.getFileName()));
    }

    private static byte[] head(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(HEAD);
        }
    }

    /** A file of an unknown ending is text, or of a kind that its first bytes tell. */
    private ExtractedDocument unknown(Path file, byte[] head, int characters)
            throws IOException, ExtractionException {
        boolean known =
                contains(head, PDF) || starts(head, ZIP) || starts(head, OLE) || starts(head, RTF);
        return known ? parsed(file, characters) : text(file, Dialect.PLAIN, characters);
    }

    private static void checkBeginning(byte[] head, Container container, String ending)
            throws ExtractionException {
        boolean fits =
                switch (container) {
                    case PDF -> contains(head, PDF);
                    case RTF -> true; // what does not begin like one may be one all the same
                    case ZIP -> starts(head, ZIP);
                    // Programs also write RTF, or new formats, under the old names.
                    case OLE -> starts(head, OLE) || starts(head, ZIP) || starts(head, RTF);
                };
        if (!fits && container == Container.ZIP && starts(head, OLE)) {
            throw new ExtractionException(
                    Reason.ENCRYPTED,
                    "the file is locked by a password, or an old format under the name ."
                            + ending
                            + "; cure: save it without a password");
        }
        if (!fits) {
            throw new ExtractionException(
                    Reason.BROKEN, "the file is named ." + ending + " but does not begin like one");
        }
    }

    private static boolean starts(byte[] head, byte[] mark) {
        return head.length >= mark.length
                && Arrays.equals(head, 0, mark.length, mark, 0, mark.length);
    }

    private static boolean contains(byte[] head, byte[] mark) {
        for (int at = 0; at + mark.length <= head.length; at++) {
            if (Arrays.equals(head, at, at + mark.length, mark, 0, mark.length)) {
                return true;
            }
        }
        return false;
    }

    private static ExtractedDocument text(Path file, Dialect dialect, int characters)
            throws IOException, ExtractionException {
        // Four bytes hold any character: more need not be read to have enough of them.
        long bytes = Math.min(Integer.MAX_VALUE - 16L, 4L * characters + 4);
        byte[] read;
        try (InputStream in = Files.newInputStream(file)) {
            read = in.readNBytes((int) bytes);
        }
        String text = Encodings.decode(read);
        BlockList blocks = new BlockList(characters);
        TextReader.read(text, dialect, blocks);
        boolean cut = blocks.full() || Files.size(file) > read.length;
        String type =
                switch (dialect) {
                    case MARKDOWN -> "text/markdown";
                    case RST -> "text/x-rst";
                    case TABLE -> "text/csv";
                    case CODE -> "text/x-source";
                    case PLAIN -> "text/plain";
                };
        return new ExtractedDocument(
                title(blocks.blocks()), type, blocks.blocks(), cutNote(cut, characters));
    }

    private static List<String> cutNote(boolean cut, int characters) {
        return cut ? List.of("only the first " + characters + " characters were read") : List.of();
    }

    private static String title(List<Block> blocks) {
        return blocks.stream()
                .filter(b -> b.kind() == Block.Kind.HEADING)
                .map(Block::text)
                .findFirst()
                .orElse("");
    }

    private ExtractedDocument strict(Path file, String ending, int characters)
            throws IOException, ExtractionException {
        Path usualKind = Files.createTempFile("snoozy-document", "." + ending);
        try {
            StrictPackage.rewrite(file, usualKind);
            return parsed(usualKind, characters);
        } finally {
            Files.deleteIfExists(usualKind);
        }
    }

    private ExtractedDocument loose(Path file, byte[] head, int characters)
            throws IOException, ExtractionException {
        if (starts(head, OLE) || starts(head, ZIP)) {
            return parsed(file, characters); // programs also write other formats under this name
        }
        LooseRtf loose = LooseRtf.of(head);
        Path usualKind = Files.createTempFile("snoozy-document", ".rtf");
        try {
            loose.rewrite(file, usualKind);
            ExtractedDocument document = parsed(usualKind, characters);
            List<String> notes = new ArrayList<>(document.notes());
            if (!loose.note().isEmpty()) {
                notes.add(loose.note());
            }
            return new ExtractedDocument(
                    document.title(), document.type(), document.blocks(), notes);
        } finally {
            Files.deleteIfExists(usualKind);
        }
    }

    private ExtractedDocument parsed(Path file, int characters)
            throws IOException, ExtractionException {
        ExtractedDocument document = parsed(file, characters, true);
        if (document.type().equals("application/pdf") && isTornApart(document)) {
            // Its letters are set apart, which looks like spaces: take those that are in the file.
            ExtractedDocument other = parsed(file, characters, false);
            return isTornApart(other) ? document : other;
        }
        return document;
    }

    /** Whether "words" of letters are too short on average to be any. */
    private static boolean isTornApart(ExtractedDocument document) {
        long letters = 0;
        long words = 0;
        for (Block block : document.blocks()) {
            boolean inside = false;
            for (int i = 0; i < block.text().length(); i++) {
                char c = block.text().charAt(i);
                boolean letter = Character.isLetter(c) && !Character.isIdeographic(c);
                letters += letter ? 1 : 0;
                words += letter && !inside ? 1 : 0;
                inside = letter;
            }
        }
        return words > 0 && letters < TORN_APART * words;
    }

    private ExtractedDocument parsed(Path file, int characters, boolean spaces)
            throws IOException, ExtractionException {
        Metadata metadata = new Metadata();
        metadata.set(TikaCoreProperties.RESOURCE_NAME_KEY, String.valueOf(file.getFileName()));
        if (FileKinds.container(ending(file)).equals(Optional.of(Container.PDF))) {
            // What may stand before the mark of a PDF can look like another kind of file.
            metadata.set(TikaCoreProperties.CONTENT_TYPE_PARSER_OVERRIDE, "application/pdf");
        }
        BlockList blocks = new BlockList(characters);
        StructureHandler handler = new StructureHandler(blocks);
        AutoDetectParser parser = spaces ? usual : withoutSpaces;
        ParseContext context = new ParseContext();
        context.set(Parser.class, parser); // attachments are read too
        context.set(DocumentSelector.class, DocumentReader::isText);
        String failure = "";
        try (TikaInputStream in = TikaInputStream.get(file)) {
            parser.parse(in, handler, metadata, context);
        } catch (StructureHandler.EnoughException e) {
            // There is a note of it.
        } catch (EncryptedDocumentException e) {
            throw new ExtractionException(
                    Reason.ENCRYPTED,
                    "the file is locked by a password; cure: save it without one");
        } catch (ZeroByteFileException e) {
            throw new ExtractionException(Reason.BROKEN, "the file is empty");
        } catch (TikaException | SAXException | RuntimeException e) {
            if (!blocks.full()) {
                failure = looseOr(file, metadata, blocks, message(e));
            }
        } catch (StackOverflowError e) {
            failure = "it is nested too deeply";
        }
        if (!failure.isEmpty() && blocks.blocks().isEmpty()) {
            throw new ExtractionException(Reason.BROKEN, "the file is broken: " + failure);
        }
        return result(metadata, blocks, handler, failure, characters);
    }

    /**
     * Books whose parts do not fit together as EPUB wants it still have pages: those are read in
     * the order of their names, in place of what was read before the fault.
     *
     * @return what could not be read; empty if all could
     */
    private String looseOr(Path file, Metadata metadata, BlockList blocks, String failure) {
        if (!ending(file).equals("epub")) {
            return failure;
        }
        BlockList pages = new BlockList(blocks.limit());
        try (ZipFile zip = new ZipFile(file.toFile())) {
            List<? extends ZipEntry> entries =
                    zip.stream()
                            .filter(entry -> entry.getName().matches("(?i).*\\.x?html?"))
                            .sorted(Comparator.comparing(ZipEntry::getName))
                            .toList();
            for (ZipEntry entry : entries) {
                Metadata page = new Metadata();
                page.set(TikaCoreProperties.CONTENT_TYPE_PARSER_OVERRIDE, "text/html");
                try (InputStream in = zip.getInputStream(entry)) {
                    usual.parse(in, new StructureHandler(pages), page, new ParseContext());
                }
            }
        } catch (StructureHandler.EnoughException e) {
            // There is a note of it.
        } catch (IOException | TikaException | SAXException | RuntimeException e) {
            return failure;
        }
        if (pages.blocks().isEmpty()) {
            return failure;
        }
        metadata.set(Metadata.CONTENT_TYPE, "application/epub+zip");
        blocks.replaceBy(pages);
        return "";
    }

    /** Of what lies inside a document, pictures and sounds are not read. */
    private static boolean isText(Metadata inside) {
        String type = String.valueOf(inside.get(Metadata.CONTENT_TYPE));
        String name = String.valueOf(inside.get(TikaCoreProperties.RESOURCE_NAME_KEY));
        return !type.matches("(image|audio|video|font)/.*")
                && !FileKinds.isMedia(FileKinds.ending(name));
    }

    private static ExtractedDocument result(
            Metadata metadata,
            BlockList blocks,
            StructureHandler handler,
            String failure,
            int characters)
            throws ExtractionException {
        String type = String.valueOf(metadata.get(Metadata.CONTENT_TYPE));
        type = type.replaceFirst(";.*", "").strip();
        List<String> by = Arrays.asList(metadata.getValues(TikaCoreProperties.TIKA_PARSED_BY));
        if (blocks.blocks().isEmpty() && by.stream().allMatch(p -> p.endsWith("EmptyParser"))) {
            throw new ExtractionException(
                    Reason.UNSUPPORTED, "no text is read from files of the type " + type);
        }
        List<String> notes = new ArrayList<>(cutNote(blocks.full(), characters));
        if (!failure.isEmpty()) {
            notes.add("only a part could be read: " + failure);
        }
        if (blocks.blocks().isEmpty()) {
            notes.add(
                    handler.pages() > 0
                            ? ("no text in its %d pages, which are pictures (a scan?); cure: run"
                                            + " text recognition (OCR) over it first")
                                    .formatted(handler.pages())
                            : "there is no text in it");
        }
        String title = metadata.get(TikaCoreProperties.TITLE);
        return new ExtractedDocument(
                title == null || title.isBlank() ? title(blocks.blocks()) : title.strip(),
                type,
                blocks.blocks(),
                notes);
    }

    /** The innermost message, on one line: the outer ones tell of the parser. */
    private static String message(Throwable e) {
        Throwable inner = e;
        for (int depth = 0; inner.getCause() != null && depth < 20; depth++) {
            inner = inner.getCause();
        }
        String text = inner.getMessage();
        text = text == null || text.isBlank() ? inner.getClass().getSimpleName() : text;
        text = text.strip().replaceAll("\\s+", " ");
        return text.length() > 300 ? text.substring(0, 300) + " ..." : text;
    }
}
