package dev.snoozy.text.tokenizer;

import dev.snoozy.text.tokenizer.SpecialSplitter.Fragment;

import java.util.List;

/** A tokenizer of a GGUF file. */
final class ModelTokenizer implements Tokenizer {
    /**
     * What stands around a text.
     *
     * @param first the token before a text, or -1
     * @param last the token behind a text, or -1
     */
    record Frame(int first, int last) {}

    private final ModelVocabulary vocabulary;
    private final Encoder encoder;
    private final Frame frame;
    private final Detokenizer detokenizer;
    private final SpecialSplitter splitter;

    ModelTokenizer(
            ModelVocabulary vocabulary, Encoder encoder, Frame frame, Detokenizer detokenizer) {
        this.vocabulary = vocabulary;
        this.encoder = encoder;
        this.frame = frame;
        this.detokenizer = detokenizer;
        this.splitter = new SpecialSplitter(vocabulary);
    }

    @Override
    public int[] encode(String text, boolean addSpecial, boolean parseSpecial) {
        return encode(wellFormed(text), addSpecial, parseSpecial, false);
    }

    @Override
    public String guard(String text) {
        return Guard.mark(text, splitter);
    }

    @Override
    public int[] encodeGuarded(String text) {
        return encode(wellFormed(text), false, true, true);
    }

    private int[] encode(String sound, boolean addSpecial, boolean parseSpecial, boolean guarded) {
        Ids ids = new Ids();
        if (addSpecial && frame.first() >= 0) {
            ids.add(frame.first());
        }
        boolean start = true;
        List<Fragment> fragments =
                guarded ? Guard.split(sound, splitter) : splitter.split(sound, parseSpecial);
        for (Fragment fragment : fragments) {
            if (fragment.isText()) {
                String part = sound.substring(fragment.from(), fragment.to());
                String text = guarded ? Guard.remove(part) : part;
                if (!text.isEmpty()) {
                    encoder.encode(text, start, ids);
                    start = false;
                }
            } else {
                ids.add(fragment.token());
                start = true;
            }
        }
        if (addSpecial && frame.last() >= 0) {
            ids.add(frame.last());
        }
        return ids.copy(0);
    }

    @Override
    public byte[] decode(int[] ids, boolean special) {
        return detokenizer.decode(ids, special);
    }

    @Override
    public Vocabulary vocabulary() {
        return vocabulary;
    }

    @Override
    public TokenDecoder decoder(boolean special) {
        return new StreamDecoder(vocabulary, special);
    }

    /** The text with U+FFFD for each half of a surrogate pair; UTF-8 has no form for those. */
    private static String wellFormed(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (lone(text, i)) {
                StringBuilder sound = new StringBuilder(text);
                for (int j = i; j < text.length(); j++) {
                    if (lone(text, j)) {
                        sound.setCharAt(j, '\uFFFD');
                    }
                }
                return sound.toString();
            }
        }
        return text;
    }

    private static boolean lone(String text, int at) {
        char c = text.charAt(at);
        if (!Character.isSurrogate(c)) {
            return false;
        }
        if (Character.isHighSurrogate(c)) {
            return at + 1 == text.length() || !Character.isLowSurrogate(text.charAt(at + 1));
        }
        return at == 0 || !Character.isHighSurrogate(text.charAt(at - 1));
    }

    private static final class StreamDecoder implements TokenDecoder {
        private final ModelVocabulary vocabulary;
        private final boolean special;
        private final Utf8Decoder utf8 = new Utf8Decoder();

        StreamDecoder(ModelVocabulary vocabulary, boolean special) {
            this.vocabulary = vocabulary;
            this.special = special;
        }

        @Override
        public String next(int token) {
            return utf8.next(special ? vocabulary.bytesOrName(token) : vocabulary.bytes(token));
        }

        @Override
        public String finish() {
            return utf8.finish();
        }
    }
}
