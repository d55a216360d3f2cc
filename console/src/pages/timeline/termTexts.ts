import { defineTexts } from '~/language';

export const useTexts = defineTexts('terms', {
  zh: {
    title: '招标条款',
    about: '逐项修改草稿的条款，依据列在右侧。停止输入后系统即校验并保存；未通过校验的不保存，原因列在该项下方。',
    open: '编辑条款',
    term: '条款',
    value: '内容',
    article: '依据',
    unchanged: '尚未修改',
    waiting: '正在输入',
    saving: '正在校验并保存',
    saved: '已保存',
    refused: '未保存：请更正标出的内容',
  },
  en: {
    title: 'Terms',
    about:
      'Change the terms of the draft one by one; the legal basis stands beside each. After a pause in typing the terms are checked and saved. Terms that fail the check are not saved; the reason stands below the term.',
    open: 'Edit the terms',
    term: 'Term',
    value: 'Content',
    article: 'Legal basis',
    unchanged: 'No changes',
    waiting: 'Typing',
    saving: 'Checking and saving',
    saved: 'Saved',
    refused: 'Not saved: correct the marked terms',
  },
});
