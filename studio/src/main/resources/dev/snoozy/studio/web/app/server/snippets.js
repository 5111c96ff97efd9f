/**
 * How programs ask this server, to be copied.
 * @param {string} address @param {string} model
 * @param {boolean} key whether one has to be shown; the reader puts it in
 * @returns {Record<string, string>}
 */
export function snippets(address, model, key) {
  const shown = key ? 'YOUR-KEY' : 'none';
  return {
    curl: `curl ${address}/v1/chat/completions \\
  -H 'Content-Type: application/json' \\
${key ? `  -H 'Authorization: Bearer ${shown}' \\\n` : ''}  -d '{"model": "${model}", "messages": [{"role": "user", "content": "Hello"}]}'`,
    Python: `from openai import OpenAI

client = OpenAI(base_url="${address}/v1", api_key="${shown}")
answer = client.chat.completions.create(
    model="${model}",
    messages=[{"role": "user", "content": "Hello"}],
)
print(answer.choices[0].message.content)`,
    Java: `OpenAIClient client = OpenAIOkHttpClient.builder()
        .baseUrl("${address}/v1")
        .apiKey("${shown}")
        .build();
ChatCompletion answer = client.chat().completions().create(
        ChatCompletionCreateParams.builder()
                .model("${model}")
                .addUserMessage("Hello")
                .build());
System.out.println(answer.choices().getFirst().message().content().orElse(""));`,
    JavaScript: `const answer = await fetch("${address}/v1/chat/completions", {
  method: "POST",
  headers: {"Content-Type": "application/json"${key ? `, Authorization: "Bearer ${shown}"` : ''}},
  body: JSON.stringify({model: "${model}", messages: [{role: "user", content: "Hello"}]}),
});
console.log((await answer.json()).choices[0].message.content);`,
  };
}
