package dev.snoozy.hub;

/** In whose folder a model lies. Only what lies in the store is ever changed or removed. */
public enum Place {
    /** It comes with Snoozy. */
    INSTALLATION("snoozy"),
    /** The user's own folder of models. */
    STORE("store"),
    OLLAMA("ollama"),
    LM_STUDIO("lm-studio"),
    GPT4ALL("gpt4all"),
    HUGGING_FACE("hugging-face"),
    LLAMA_CPP("llama.cpp"),
    JAN("jan"),
    /** Anywhere else on this machine; nothing is found there without being named. */
    ELSEWHERE("file");

    private final String word;

    Place(String word) {
        this.word = word;
    }

    /** The word for it in lists, settings and names. */
    public String word() {
        return word;
    }

    /** Whether the folder belongs to another program. */
    public boolean isForeign() {
        return this != INSTALLATION && this != STORE && this != ELSEWHERE;
    }
}
