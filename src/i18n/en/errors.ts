// English words of errors, one sentence a kind.

export const errors = {
  error: {
    network: 'The model could not be fetched: no answer from the server. Check the connection and try again.',
    'download-failed': '{{path}} could not be fetched after {{attempts}} attempts. Check the connection and try again.',
    'file-missing': 'The file {{path}} is not there. A page that was copied may lack its models folder; a hub may have moved the file.',
    'file-refused': 'The server refused the file {{path}} with status {{status}}.',
    'file-is-page': 'The server sent a web page instead of the file {{path}}.',
    'file-size': 'The file {{path}} has another size than its manifest says.',
    'file-damaged': 'The file {{path}} arrived damaged, even after another try.',
    'manifest-unreadable': 'The model’s list of files cannot be read.',
    'bad-config': 'The model’s file {{file}} cannot be read.',
    'unknown-input': 'The model asks for an input that is not known here: {{name}}.',
    'config-field':
      'The model’s config.json does not say {{field}} in a way that can be read, and this model needs it. Correct that field.',
    'row-too-long': 'The model takes at most {{longest}} tokens, and this text has {{tokens}}. Shorten the text.',
    'fixed-length':
      'This file takes exactly {{length}} tokens and no attention mask, so no shorter text can be read with it. Export it with an open length, or choose another file.',
    'runtime-failed': 'The runtime could not be loaded. A reload may help.',
    'session-failed': 'The model could not be started, perhaps for lack of memory. Close other tabs and try again.',
    'run-failed': 'The model failed on this input, perhaps for lack of memory. Shorten the text, or reload the page.',
    'not-a-number':
      'The model computes NaN or infinity on this text, so nothing can be shown. Its weights may be damaged or overflow: try another of its files, such as float32.',
    'engine-lost': 'The engine keeps stopping, perhaps for lack of memory. Close other tabs and try again.',
    'no-model': 'The model is not loaded, so new text cannot be run.',
    'no-gradients': 'This model has no gradients here.',
    'no-readout': 'The final norm and the output head of this model were not recognised, so its states cannot be read as tokens.',
    'no-parts': 'What the layers of this model compute inside was not recognised.',
    'not-a-sum':
      'In this model a logit is no sum of what the heads and MLPs write: a norm stands on the stream between them, or the output head is no single product. The logit lens still works.',
    'no-interventions':
      'What the layers of this model give cannot be changed here: its file takes one length only, or is too large to be held twice.',
    'site-closed': 'In this model that part of the layers was not recognised, so it cannot be changed. Choose another part.',
    'no-such-part': 'The model has no layer {{layer}}, or no such head in it. Switch that part on again.',
    'no-other-text': 'There is no text B. Add one under “Compare with”.',
    'other-length': 'A has {{a}} tokens and B has {{b}}. Change B until it has as many as A.',
    'too-alike':
      'The measured number is {{a}} in A and {{b}} in B: too close to say how much of the difference a patch restores. Choose another target or contrast, or another B.',
    'no-value-masks': 'The value vectors of this model were not recognised.',
    'no-gradients-of-shares':
      'Of a vocabulary there are gradients of scores only. Choose the logit as the target’s number, or a method that perturbs the text.',
    'too-many-units':
      'The text has {{units}} units; trying every combination goes up to {{most}}. Take larger units, or the fast or sampled Shapley values.',
    'too-many-pairs':
      'The text has {{units}} units, which make {{pairs}} pairs; every two are tried up to {{most}} units. Take words or sentences as units, or shorten the text.',
    'already-turned': 'The model’s answer is already another one than this target. Explain the answer itself, or choose another goal.',
    'no-reference': 'There is no other text to begin at. Add a second sentence, or choose another beginning.',
    'no-removal': 'The model has no such token here, or takes no embeddings. Choose another way to take words away.',
    'nothing-to-perturb': 'There is nothing in the text that could be taken away.',
    'no-baseline': 'The model has no such beginning here: no token of that kind, or no vocabulary that can be read. Choose another one.',
    'no-such-target': 'The model has no such answer to explain. Choose another one.',
    'no-tokenizer': 'The model has no tokenizer.json, so no text can be turned into tokens. Choose a repository or folder that has one.',
    'wrong-tokenizer':
      'The tokenizer does not belong to this model: it knows {{tokens}} tokens, the model only {{vocabulary}}. Give the tokenizer.json of the same model.',
    'token-unknown-to-model':
      'The tokenizer gives “{{piece}}” (index {{id}}), but the model knows only {{vocabulary}} tokens. The tokenizer may belong to another model.',
    'nothing-to-read': 'This model adds no tokens of its own: type something for it to read.',
    'attention-shape':
      'The attention of layer {{layer}} has the shape {{shape}} for {{tokens}} tokens: this page shows models in which every token can look at every token.',
    'bad-chat-template':
      'The model’s chat template cannot be used here. The text is still read as it is with “Apply the chat template” off.',
    'no-chat-template': 'This model has no chat template.',
    'file-unreadable': 'The file {{path}} cannot be read any more: it was moved or changed since it was chosen. Choose it again.',
    'files-gone': 'The files of {{name}} are not at hand: choose them again under Models.',
    'bad-repo-name': 'That is no name of a model: it looks like owner/name, or is the address of its page.',
    'bad-hub-address': 'The hub’s address is no http or https address.',
    'hub-unreachable':
      'The hub does not answer: there is no connection to {{address}}, or it does not allow this page to read it. Check the connection, or choose a model that is on this device.',
    'hub-repo-missing': 'The hub has no model called {{repo}}, or it is private. Check the spelling.',
    'hub-revision-missing': '{{repo}} has no revision called {{revision}}. The usual one is main.',
    'hub-gated':
      '{{repo}} is only given to readers who signed its terms, and this page signs nobody in. Download it on the hub’s own page and choose the files here.',
    'hub-no-onnx': '{{repo}} has no ONNX file. Look for a repository with a folder “onnx”, often by onnx-community or Xenova.',
    'hub-no-tokenizer': '{{repo}} has no tokenizer.json, so no text can be turned into tokens.',
    'hub-too-large': '{{path}} is larger than a page can hold (2 GB). Choose a file with fewer bits.',
    'hub-refused': 'The hub refused with status {{status}}. Try again later.',
    'hub-lost': 'Fetching was interrupted by the browser. Try again.',
    'bad-revision': 'That is no name of a revision. The usual one is main.',
    'hub-unreadable': 'The hub’s answer cannot be understood. Is this the address of a hub?',
    'no-attention': 'No attention was found in this model’s graph.',
    'edit-refused': 'That change cannot be made here.',
    'empty-file': 'The model file is empty.',
    'html-page': 'The model file is a web page, not an ONNX file: the address probably leads to a page about it.',
    'lfs-pointer': 'The model file is only a pointer to a large file (Git LFS); the file itself is needed.',
    'graph-too-large': 'The model’s graph is larger than this page accepts.',
    'external-data-missing': 'The model needs the file {{location}} beside it, which is not there.',
    'external-data-short': 'The model’s data file {{location}} is cut short.',
    'unsupported-type': 'The model uses numbers of a type that is not supported here.',
    'unknown-operator': 'The model uses the operator {{operator}}, which is not known here.',
    'unsupported-form': 'The model uses the operator {{operator}} in a form that cannot be opened here: {{part}}.',
    'invalid-graph': 'The model’s graph is not valid.',
    'no-output': 'The model has no output that can be explained.',
    'closed-attention': 'The model’s attention is hidden inside operators ({{operators}}), which cannot be opened yet.',
    'single-token':
      'The model reads one token at a time and continues from a cache: choose the file for whole texts (model or decoder_model).',
    'not-onnx': 'The model file is not an ONNX file.',
    truncated: 'The model file is cut short.',
    unexpected: 'Something went wrong: {{message}}',
  },
}
