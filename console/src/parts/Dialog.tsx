import { useEffect, useId, useRef, type ReactNode } from 'react';
import { defineTexts } from '~/language';
import './dialog.css';

const useTexts = defineTexts('dialog', { zh: { close: '关闭' }, en: { close: 'Close' } });

interface Shown {
  title: string;
  /** Without it the dialog stays open until its form is submitted. */
  close?: () => void;
  children: ReactNode;
}

/** The browser's own modal dialog: it traps the focus, closes on Escape, and restores the focus. */
export function Dialog({ title, close, children }: Shown) {
  const t = useTexts();
  const heading = useId();
  const box = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (box.current && !box.current.open) box.current.showModal();
  }, []);
  return (
    <dialog
      ref={box}
      className="dialog"
      aria-labelledby={heading}
      onCancel={(event) => {
        event.preventDefault();
        close?.();
      }}
    >
      <div className="dialog-head">
        <h2 id={heading}>{title}</h2>
        {close && (
          <button type="button" className="plain-button" onClick={close}>
            {t('close')}
          </button>
        )}
      </div>
      {children}
    </dialog>
  );
}
