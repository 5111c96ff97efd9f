package dev.snoozy.engine.model;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiFunction;

/** The architectures this engine knows, by their GGUF name. A new one is one file and one line. */
final class Families {
    private static final SortedMap<String, Family> TABLE = new TreeMap<>();

    /** All of them. */
    static final SortedMap<String, Family> ALL = Collections.unmodifiableSortedMap(TABLE);

    static {
        put("apertus", "Apertus 8B and 70B", Qwen::new);
        put("arcee", "Arcee AFM 4.5B", Llama::new);
        put("baichuan", "Baichuan and Baichuan 2, 7B and 13B", Llama::new);
        put("bailingmoe", "Ling 1.0 and 1.5", Llama::new);
        put("bailingmoe2", "Ling 2.0, Ring 2.0", Qwen::new);
        put(
                "bert",
                "BERT, and embedding models and rerankers of its kind: BGE, E5, GTE",
                Bert::new);
        put("bloom", "BLOOM, BLOOMZ", Mpt::new);
        put("chatglm", "ChatGLM 3, GLM-4 9B", Glm::new);
        put("codeshell", "CodeShell", GptNeoX::new);
        put("cohere2", "Command R7B, Command A", Cohere::new);
        put("command-r", "Command R", Cohere::new);
        put("deepseek", "DeepSeek MoE 16B", Llama::new);
        put("deepseek2", "DeepSeek V2, V3 and R1, Kimi K2, Moonlight", Deepseek2::new);
        put("dots1", "dots.llm1", Qwen::new);
        put("ernie4_5", "ERNIE 4.5 0.3B", Llama::new);
        put("ernie4_5-moe", "ERNIE 4.5 21B and 300B (text)", Llama::new);
        put("exaone", "EXAONE 3.0 and 3.5", Qwen::new);
        put("exaone4", "EXAONE 4.0", Olmo2::new);
        put("exaone-moe", "K-EXAONE 236B", Qwen::new);
        put("falcon", "Falcon 7B and 40B", GptNeoX::new);
        put("falcon-h1", "Falcon H1", Hybrid::new);
        put("gemma", "Gemma, CodeGemma", Gemma::new);
        put("gemma-embedding", "EmbeddingGemma", Gemma::new);
        put("gemma2", "Gemma 2", Gemma::new);
        put("gemma3", "Gemma 3 (text)", Gemma::new);
        put("gemma3n", "Gemma 3n (text)", Gemma3n::new);
        put("gemma4", "Gemma 4 (text)", Gemma4::new);
        put("glm4", "GLM-4-0414, GLM-Z1", Glm::new);
        put("glm4moe", "GLM 4.5, 4.6 and 4.7", Qwen::new);
        put("gpt-oss", "gpt-oss 20B and 120B", GptOss::new);
        put("gpt2", "GPT-2", Gpt2::new);
        put("gptneox", "GPT-NeoX, Pythia, RedPajama, Dolly 2", GptNeoX::new);
        put("granite", "Granite 3 and 4 without experts", Llama::new);
        put("granitehybrid", "Granite 4 H", Hybrid::new);
        put("granitemoe", "Granite 3 with experts", Llama::new);
        put("grok", "Grok 1 and 2", Grok::new);
        put("hunyuan-dense", "Hunyuan 0.5B to 7B", Qwen::new);
        put("hunyuan-moe", "Hunyuan A13B", Qwen::new);
        put("internlm2", "InternLM 2, 2.5 and 3", Llama::new);
        put("jamba", "Jamba 1.5 and Reasoning", Hybrid::new);
        put("lfm2", "LFM 2", Hybrid::new);
        put("lfm2moe", "LFM 2 with experts", Hybrid::new);
        put("llama4", "Llama 4 Scout and Maverick (text)", Llama4::new);
        put("mamba", "Mamba, Falcon Mamba", Hybrid::new);
        put("mamba2", "Mamba 2, Mamba Codestral", Hybrid::new);
        put("jina-bert-v2", "Jina Embeddings 2", NomicBert::new);
        put(
                "llama",
                "Llama 1 to 3, Mistral 7B, Mixtral, Vicuna, SmolLM 2, and many more",
                Llama::new);
        put("minicpm", "MiniCPM 1 and 2", Llama::new);
        put("minimax-m2", "MiniMax M2", Qwen::new);
        put("mistral3", "Ministral 3", Llama::new);
        put("modern-bert", "ModernBERT, and embedding models of its kind", ModernBert::new);
        put("mpt", "MPT", Mpt::new);
        put("nemotron", "Nemotron 3 and 4, Minitron", GptNeoX::new);
        put("nemotron_h", "Nemotron H and Nemotron Nano 2", Hybrid::new);
        put("nemotron_h_moe", "Nemotron 3 Nano", Hybrid::new);
        put("nomic-bert", "Nomic Embed Text v1 and v1.5", NomicBert::new);
        put("olmo", "OLMo 1 and 1.7", Olmo::new);
        put("olmo2", "OLMo 2 and 3", Olmo2::new);
        put("olmoe", "OLMoE", Qwen::new);
        put("orion", "Orion 14B", GptNeoX::new);
        put("phi2", "Phi 1, 1.5 and 2", GptNeoX::new);
        put("phi3", "Phi 3, 3.5, 4 and 4 mini", Phi3::new);
        put("phimoe", "Phi 3.5 MoE", Phi3::new);
        put("qwen2", "Qwen 1.5 to 2.5, QwQ, DeepSeek R1 Distill", Qwen::new);
        put("qwen2moe", "Qwen 1.5 and 2 with experts", Qwen::new);
        put("qwen2vl", "Qwen 2 VL and 2.5 VL (text)", Qwen::new);
        put("qwen3", "Qwen 3, Qwen 3 Embedding", Qwen::new);
        put("qwen3next", "Qwen 3 Next", Hybrid::new);
        put("qwen3vl", "Qwen 3 VL (text)", Qwen::new);
        put("qwen35", "Qwen 3.5 without experts (text)", Hybrid::new);
        put("qwen35moe", "Qwen 3.5 with experts (text)", Hybrid::new);
        put("qwen3moe", "Qwen 3 with experts", Qwen::new);
        put("qwen3vlmoe", "Qwen 3 VL with experts (text)", Qwen::new);
        put("seed_oss", "Seed OSS 36B", Qwen::new);
        put("smollm3", "SmolLM 3", Llama::new);
        put("stablelm", "StableLM 3B, StableLM 2 1.6B", GptNeoX::new);
        put("starcoder", "StarCoder, SantaCoder", Gpt2::new);
        put("starcoder2", "StarCoder 2", GptNeoX::new);
        put("xverse", "XVERSE", Llama::new);
    }

    private Families() {}

    private static void put(
            String name, String models, BiFunction<ModelConfig, Weights, Transformer> network) {
        TABLE.put(name, new Family(name, models, network));
    }
}
